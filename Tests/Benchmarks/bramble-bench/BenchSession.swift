import Foundation
import Importers
import Inference

/// A prepared model and the buffers to run it with.
struct BenchSession {
  private let interpreter: Interpreter
  private let image: UnsafeMutableRawBufferPointer
  private var input: [Float]
  private var output: [Float]

  init(file: String) throws {
    let data = try Data(contentsOf: URL(filePath: file))
    let graph = try TFLiteImporter.graph(from: [UInt8](data), file: file)
    let bytes = try ImageBuilder.image(of: graph, for: .current)
    image = .allocate(byteCount: bytes.count, alignment: 64)
    image.copyBytes(from: bytes)
    interpreter = try Interpreter(image: UnsafeRawBufferPointer(image))
    var state: UInt32 = 1
    input = (0..<interpreter.inputs.reduce(0) { $0 + $1.byteCount } / 4).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(Int32(bitPattern: state) >> 8) / Float(1 << 23)
    }
    output = [Float](
      repeating: 0, count: interpreter.outputs.reduce(0) { $0 + $1.byteCount } / 4)
  }

  mutating func answer(_ words: [String]) throws -> String {
    switch (words.first, words.count) {
    case ("time", 2):
      guard let count = Int(words[1]), count > 0 else { throw Usage() }
      return try time(count)
    case ("run", 2): return try run(words[1])
    case ("memory", 1): return "\(image.count) \(interpreter.arenaBytes)"
    default: throw Usage()
    }
  }

  private mutating func time(_ count: Int) throws -> String {
    let clock = ContinuousClock()
    var latencies: [String] = []
    for _ in 0..<count {
      let took = try clock.measure { try predict() }
      let nanoseconds = took.components.attoseconds / 1_000_000_000
      latencies.append(String(Double(nanoseconds) / 1000))
    }
    return latencies.joined(separator: " ")
  }

  private mutating func run(_ file: String) throws -> String {
    let data = try Data(contentsOf: URL(filePath: file))
    let size = input.count * 4
    var words: [String] = []
    for start in stride(from: 0, through: data.count - size, by: size) {
      let window = data[start..<start + size]
      _ = input.withUnsafeMutableBytes { window.copyBytes(to: $0) }
      try predict()
      words += output.map { String($0.bitPattern, radix: 16) }
    }
    return words.joined(separator: " ")
  }

  private mutating func predict() throws {
    try input.withUnsafeBytes { input in
      try output.withUnsafeMutableBytes { try interpreter.run(input: input, output: $0) }
    }
  }
}
