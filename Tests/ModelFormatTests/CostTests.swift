import ModelFormat
import Testing

@Suite struct CostTests {
  @Test func countsByHand() {
    let lstm = GraphSamples.layers(.float32, nil)
    // 4 steps of 12 rows over 6 features and 3 units; 4 rows of 2 x 3.
    #expect(lstm.macs(of: lstm.nodes[0]) == 4 * 12 * (6 + 3))
    #expect(lstm.macs == 4 * 12 * 9 + 4 * 2 * 3)
    #expect(lstm.parameterCount == 12 * 6 + 12 * 3 + 12 + 6)
    #expect(lstm.parameterBytes == 4 * (12 * 6 + 12 * 3 + 12 + 6))
    #expect(lstm.parameterCount(of: lstm.nodes[0]) == 12 * 6 + 12 * 3 + 12)
    let images = GraphSamples.images
    #expect(images.macs(of: images.nodes[0]) == 5 * 7 * 4 * 3 * 3 * 2)
    #expect(images.macs(of: images.nodes[1]) == 4 * 6 * 8 * 2 * 2)
    #expect(images.macs(of: images.nodes[2]) == 0)
    #expect(images.macs(of: images.nodes[3]) == 2 * 3 * 8 * 5 * 3 * 3)
    let attention = GraphSamples.attention
    #expect(attention.macs(of: attention.nodes[0]) == 2 * 3 * 4 * 6 * 8)
    #expect(attention.macs(of: attention.nodes[2]) == 2 * 3 * 6 * 6 * 4)
  }
}
