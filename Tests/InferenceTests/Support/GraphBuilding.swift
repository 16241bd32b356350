import ModelFormat

@testable import Inference

extension Graph {
  /// Adds a computed float tensor.
  mutating func value(_ shape: [Int], _ name: String = "value") -> TensorID {
    add(Tensor(name: "\(name)\(tensors.count)", shape: Shape(shape), type: .float32))
  }

  mutating func constant(_ shape: [Int], _ values: [Float]) -> TensorID {
    let bytes = values.withUnsafeBytes { Array($0) }
    return add(
      Tensor(name: "constant\(tensors.count)", shape: Shape(shape), type: .float32, data: bytes))
  }

  mutating func indices(_ shape: [Int], _ values: [Int32]) -> TensorID {
    let bytes = values.withUnsafeBytes { Array($0) }
    return add(
      Tensor(name: "indices\(tensors.count)", shape: Shape(shape), type: .int32, data: bytes))
  }

  /// Symmetric int8 weights with one scale an output channel.
  mutating func weights(
    _ shape: [Int], _ values: [Int8], scales: [Float], axis: Int? = 0
  ) -> TensorID {
    let quantization = Quantization(
      scales: scales, zeroPoints: [Int32](repeating: 0, count: scales.count), axis: axis)
    return add(
      Tensor(
        name: "weights\(tensors.count)", shape: Shape(shape), type: .int8,
        quantization: quantization, data: values.map { UInt8(bitPattern: $0) }))
  }

  mutating func node(
    _ operation: Operator, _ inputs: [TensorID?], _ shape: [Int]
  ) -> TensorID {
    let output = value(shape)
    nodes.append(
      Node(name: "node\(nodes.count)", operation: operation, inputs: inputs, outputs: [output]))
    return output
  }
}

/// A fixed sequence of numbers in [-1, 1].
struct Numbers {
  var state: UInt32

  mutating func next() -> Float {
    state = state &* 1_664_525 &+ 1_013_904_223
    return Float(Int32(bitPattern: state) >> 8) / Float(1 << 23)
  }

  mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in next() * scale }
  }

  mutating func bytes(_ count: Int) -> [Int8] { (0..<count).map { _ in Int8(next() * 127) } }

  mutating func int(_ range: ClosedRange<Int>) -> Int {
    state = state &* 1_664_525 &+ 1_013_904_223
    return range.lowerBound + Int(state >> 8) % range.count
  }
}

/// An image in memory of its own, and an interpreter over it.
final class LoadedImage {
  private let memory: UnsafeMutableRawBufferPointer
  let interpreter: Interpreter

  convenience init(_ graph: Graph, for deviceClass: DeviceClass = .current) throws {
    try self.init(ImageBuilder.image(of: graph, for: deviceClass))
  }

  init(_ image: [UInt8]) throws {
    memory = .allocate(byteCount: image.count, alignment: 64)
    memory.copyBytes(from: image)
    do {
      interpreter = try Interpreter(image: UnsafeRawBufferPointer(memory))
    } catch {
      memory.deallocate()
      throw error
    }
  }

  deinit { memory.deallocate() }

  func run(_ input: [Float]) throws -> [Float] {
    let count = interpreter.outputs.reduce(0) { $0 + $1.byteCount } / 4
    var output = [Float](repeating: .nan, count: count)
    try input.withUnsafeBytes { input in
      try output.withUnsafeMutableBytes { try interpreter.run(input: input, output: $0) }
    }
    return output
  }
}

/// Runs a graph of one input and one output through its image.
func run(_ graph: Graph, _ input: [Float], for deviceClass: DeviceClass = .current) throws
  -> [Float]
{
  try LoadedImage(graph, for: deviceClass).run(input)
}

/// The largest difference; infinite when the counts differ or something is not a number.
func difference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  var largest: Float = 0
  for (x, y) in zip(a, b) {
    let distance = abs(x - y)
    guard distance <= .greatestFiniteMagnitude else { return .infinity }
    largest = max(largest, distance)
  }
  return largest
}
