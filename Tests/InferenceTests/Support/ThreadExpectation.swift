import ModelFormat
import Testing

@testable import Inference

/// Expects the same bytes from one thread and from three, however little work there is.
func expectSameBytesOnThreads(_ graph: Graph) throws {
  let prepared = try ImageBuilder.prepare(graph, for: .current)
  let alone = try prepared.interpreter()
  let storage = BlobStorage(prepared.blobs)
  let shared = try Interpreter(
    prepared.image, blobs: storage.blobs, threads: 3, owner: storage,
    threshold: ThreadThreshold(all: 0))
  var numbers = Numbers(state: 9)
  let input =
    alone.inputs[0].type == .int8
    ? numbers.bytes(alone.inputs[0].byteCount).map { UInt8(bitPattern: $0) }
    : numbers.floats(alone.inputs[0].byteCount / 4).withUnsafeBytes { Array($0) }
  let size = alone.outputs[0].byteCount
  var outputs = [[UInt8](repeating: 0, count: size), [UInt8](repeating: 1, count: size)]
  try alone.run(input: input, output: &outputs[0])
  try shared.run(input: input, output: &outputs[1])
  #expect(outputs[0] == outputs[1])
}
