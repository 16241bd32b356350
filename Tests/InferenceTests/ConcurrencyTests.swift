import Foundation
import ModelFormat
import Synchronization
import Testing

@testable import Inference

@Suite struct ConcurrencyTests {
  /// Two interpreters over the same bytes, each on a thread of its own, give what one alone gives.
  @Test func twoThreadsShareAnImage() throws {
    let layer = LSTMTests.Layer(bytes: true)
    let bytes = try ImageBuilder.image(of: layer.graph, for: .current)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    let expected = try run(layer.graph, layer.x)
    let wrong = Atomic(0)
    let start = Int(bitPattern: memory.baseAddress)
    let (count, x) = (bytes.count, layer.x)
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
      let image = UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: start), count: count)
      guard let interpreter = try? Interpreter(image: image) else {
        wrong.add(1, ordering: .relaxed)
        return
      }
      var output = [Float](repeating: 0, count: expected.count)
      for _ in 0..<200 {
        x.withUnsafeBytes { input in
          output.withUnsafeMutableBytes { try? interpreter.run(input: input, output: $0) }
        }
        if output != expected { wrong.add(1, ordering: .relaxed) }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }
}
