import CPosix
import Foundation
import Importers
import Inference
import ModelFormat

/// A prepared model and the buffers to run it with.
struct BenchSession {
  /// From opening the image's file to the first answer.
  let firstAnswerMicroseconds: Double
  private let graph: Graph
  private let image: UnsafeRawBufferPointer
  private let interpreter: Interpreter
  private var input: [UInt8]
  private var output: [UInt8]

  init(file: String, threads: Int) throws {
    let data = try Data(contentsOf: URL(filePath: file))
    graph = try TFLiteImporter.graph(from: [UInt8](data), file: file)
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).image")
    try Data(try ImageBuilder.image(of: graph, for: .current)).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    input = Self.window(graph)

    let clock = ContinuousClock()
    let start = clock.now
    image = try Self.mapped(path)
    interpreter = try Interpreter(image: image, threads: threads)
    output = [UInt8](repeating: 0, count: interpreter.outputs.reduce(0) { $0 + $1.byteCount })
    try interpreter.run(input: input, output: &output)
    firstAnswerMicroseconds = (clock.now - start).microseconds
  }

  /// The file as it lies, until the process ends.
  private static func mapped(_ path: URL) throws -> UnsafeRawBufferPointer {
    let file = try FileHandle(forReadingFrom: path)
    let length = try file.seekToEnd()
    guard let start = bp_map(file.fileDescriptor, length) else { throw Unmapped(path: path.path) }
    return UnsafeRawBufferPointer(start: start, count: Int(length))
  }

  /// Seeded random inputs: of [-1, 1] for floats, of the whole range for integers.
  private static func window(_ graph: Graph) -> [UInt8] {
    var random = Random()
    var bytes: [UInt8] = []
    for id in graph.inputs {
      for _ in 0..<(graph[id].shape.elementCount ?? 0) {
        if graph[id].type == .float32 {
          bytes += random.unitFloat()
        } else {
          bytes += (0..<graph[id].type.size).map { _ in random.byte() }
        }
      }
    }
    return bytes
  }

  /// What the agent takes for any network: float32 values of [-1, 1].
  private static func floatWindow(_ graph: Graph) -> [UInt8] {
    var random = Random()
    let count = graph.inputs.reduce(0) { $0 + (graph[$1].shape.elementCount ?? 0) }
    return (0..<count).flatMap { _ in random.unitFloat() }
  }

  mutating func answer(_ words: [String]) throws -> String {
    switch (words.first, words.count) {
    case ("time", 2):
      guard let count = Int(words[1]), count > 0 else { throw Usage() }
      return try time(count)
    case ("run", 2): return try run(words[1])
    case ("cost", 1): return graph.costs
    case ("image", 2):
      try Data(image).write(to: URL(filePath: words[1]))
      return "\(image.count) \(interpreter.arenaBytes)"
    case ("image", 3):
      guard let other = DeviceClass(name: words[2]) else { throw Usage() }
      let bytes = try ImageBuilder.image(of: graph, for: other)
      try Data(bytes).write(to: URL(filePath: words[1]))
      return "\(bytes.count)"
    case ("window", 2):
      let window = Self.floatWindow(graph)
      try Data(window).write(to: URL(filePath: words[1]))
      return "\(window.count)"
    default: throw Usage()
    }
  }

  private mutating func time(_ count: Int) throws -> String {
    let clock = ContinuousClock()
    var latencies: [String] = []
    for _ in 0..<count {
      let start = clock.now
      try interpreter.run(input: input, output: &output)
      latencies.append(String((clock.now - start).microseconds))
    }
    return latencies.joined(separator: " ")
  }

  private mutating func run(_ file: String) throws -> String {
    let data = [UInt8](try Data(contentsOf: URL(filePath: file)))
    var words: [String] = []
    for start in stride(from: 0, through: data.count - input.count, by: input.count) {
      try interpreter.run(input: Array(data[start..<start + input.count]), output: &output)
      words.append(output.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
    }
    return words.joined(separator: " ")
  }
}

/// A linear congruential generator, of which the upper bits are good enough to time with.
private struct Random {
  private var state: UInt32 = 1

  private mutating func next() -> UInt32 {
    state = state &* 1_664_525 &+ 1_013_904_223
    return state
  }

  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next() >> 16) }

  /// A float32 of [-1, 1), little-endian.
  mutating func unitFloat() -> [UInt8] {
    let value = Float(Int32(bitPattern: next()) >> 8) / Float(1 << 23)
    return withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
  }
}

struct Unmapped: Error, CustomStringConvertible {
  var path: String
  var description: String { "\(path) cannot be mapped" }
}

extension Duration {
  fileprivate var microseconds: Double {
    Double(components.seconds) * 1e6 + Double(components.attoseconds) / 1e12
  }
}
