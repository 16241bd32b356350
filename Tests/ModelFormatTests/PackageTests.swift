import Encoding
import ModelFormat
import Testing

@Suite struct PackageTests {
  @Test(arguments: GraphSamples.all) func roundTrip(_ graph: Graph) throws {
    let file = Package(graph: graph).encode()
    #expect(try Package(decoding: file).graph == graph)
    #expect(Package(graph: graph).encode() == file)
  }

  @Test func constantsAreAligned() throws {
    let graph = GraphSamples.layers(.float16, nil)
    let file = Package(graph: graph).encode()
    let constants = graph.tensors.compactMap(\.data)
    try file.withUnsafeBytes { bytes in
      let view = try ContainerView(bytes, kind: .package)
      #expect(view.blobCount == constants.count)
      for (index, constant) in constants.enumerated() {
        #expect(view.offset(ofBlob: index).isMultiple(of: 64))
        #expect(Array(view.blob(index)) == constant)
      }
    }
  }

  @Test func anotherKindIsRefused() {
    let file = ContainerWriter(kind: .image).encode(header: .null)
    let error = #expect(throws: FormatError.self) { try Package(decoding: file) }
    #expect(error?.reason == .wrongKind(2, wanted: 1))
    #expect(error?.offset == 12)
  }

  @Test func aLaterVersionIsNamed() {
    var file = Package(graph: GraphSamples.wide).encode()
    file[8] = 2
    file.seal()
    #expect(throws: FormatError(.unsupportedVersion(2), offset: 8)) { try Package(decoding: file) }
  }

  @Test func aGraphThatBreaksItsRulesIsRefused() {
    var graph = GraphSamples.wide
    graph.tensors[1].quantization!.scales[0] = -1
    let error = #expect(throws: FormatError.self) {
      try Package(decoding: Package(graph: graph).encode())
    }
    guard case .graph? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func imagesMayNumberTheirBlobs() throws {
    let graph = GraphSamples.layers(.int8, .channels(12))
    let blobs: [Int?] = graph.tensors.indices.map { $0 == 1 ? 40 : nil }
    let structure = GraphStructure(graph, blobs: blobs)
    let decoded = try GraphStructure(CBORNode(root: try CBOR.decode(structure.cbor.encoded())))
    #expect(decoded == structure)
    #expect(decoded.graph.tensors.allSatisfy { $0.data == nil })
  }
}
