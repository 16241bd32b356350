import CAllocationCounter
import ModelFormat
import Testing

@testable import Inference

@Suite struct AllocationTests {
  @Test func theCounterCounts() {
    let before = allocations_of_this_thread()
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 100_000, alignment: 64)
    memory.deallocate()
    #expect(allocations_of_this_thread() > before)
  }

  /// A network of every operator family, run a second time: not one allocation.
  @Test func runningAllocatesNothing() throws {
    var graph = EveryOperator.graph()
    graph.name = "every operator"
    let image = try LoadedImage(graph)
    let interpreter = image.interpreter
    let input = Numbers.values(interpreter.inputs[0].byteCount / 4)
    var output = [Float](
      repeating: 0, count: interpreter.outputs.reduce(0) { $0 + $1.byteCount } / 4)
    var counts: [UInt64] = []
    try input.withUnsafeBytes { input in
      try output.withUnsafeMutableBytes { output in
        for _ in 0..<3 {
          let before = allocations_of_this_thread()
          try interpreter.run(input: input, output: output)
          counts.append(allocations_of_this_thread() - before)
        }
      }
    }
    #expect(counts == [0, 0, 0])
    #expect(output.allSatisfy { $0.isFinite })
  }
}

extension Numbers {
  static func values(_ count: Int) -> [Float] {
    var numbers = Numbers(state: 14)
    return numbers.floats(count)
  }
}
