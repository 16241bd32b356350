import ModelFormat

@testable import Inference

/// A network of one operator with its operands in one form of numbers: tried to see whether there is a kernel for it.
struct OperatorTrial {
  enum Numbers: String, CaseIterable {
    case float32 = "float32"
    case float16Weights = "float16 weights"
    case dynamicInt8 = "dynamic int8"
    case int4Weights = "int4 weights"
    case int8 = "int8"
  }

  var operation: Operator
  var inputs: [[Int]]
  /// Constants behind the inputs, the last one a bias where `hasBias`.
  var weights: [[Int]] = []
  var hasBias = false
  /// Whether the first input is a truth value, which is a float in every form.
  var isConditional = false
  var output: [Int]
  /// The axis of the weights' scales.
  var axis = 0

  /// Whether the network is valid and an image is made of it; `nil` where the form makes no sense.
  func runs(in numbers: Numbers) -> Bool? {
    switch numbers {
    case .float32: return isPrepared(activations: nil, output: nil, weights: .float32)
    case .float16Weights:
      return weights.isEmpty
        ? nil : isPrepared(activations: nil, output: nil, weights: .float16)
    case .dynamicInt8:
      return weights.isEmpty ? nil : isPrepared(activations: nil, output: nil, weights: .int8)
    case .int4Weights:
      return weights.isEmpty ? nil : isPrepared(activations: nil, output: nil, weights: .int4)
    case .int8:
      // Some operators fix the output's scale and zero point, some take the input's.
      let whole = Quantization(scales: [0.5], zeroPoints: [3])
      let fixed: [(Float, Int32)] = [(1 / 256, -128), (1 / 128, 0), (16 / 256, 127)]
      let outputs: [Quantization?] =
        [whole] + fixed.map { Quantization(scales: [$0.0], zeroPoints: [$0.1]) }
        + (isComparison ? [nil] : [])
      return outputs.contains { isPrepared(activations: whole, output: $0, weights: .int8) }
    }
  }

  private func isPrepared(
    activations: Quantization?, output quantization: Quantization?, weights type: ElementType
  ) -> Bool {
    var graph = Graph(name: "trial")
    func value(_ name: String, _ shape: [Int], _ quantization: Quantization?) -> Tensor {
      Tensor(
        name: name, shape: Shape(shape), type: quantization == nil ? .float32 : .int8,
        quantization: quantization)
    }
    var operands: [TensorID] = inputs.enumerated().map {
      graph.add(value("x", $1, isConditional && $0 == 0 ? nil : activations))
    }
    graph.inputs = operands
    for (position, shape) in weights.enumerated() {
      let isBias = hasBias && position == weights.count - 1
      operands.append(
        graph.add(constant(shape, isBias: isBias, type, isInteger: activations != nil)))
    }
    graph.outputs = [graph.add(value("y", output, quantization))]
    if case .lstm(var layer) = operation, activations != nil {
      layer.cell = QuantizedCell(exponent: -11, clip: 0)
      graph.nodes = [node(.lstm(layer), operands, graph.outputs)]
    } else {
      graph.nodes = [node(operation, operands, graph.outputs)]
    }
    return (try? ImageBuilder.image(of: graph, for: .generic)) != nil
  }

  private var isComparison: Bool {
    if case .binary(let kind, _) = operation { kind.isComparison } else { false }
  }

  private func node(_ operation: Operator, _ inputs: [TensorID], _ outputs: [TensorID]) -> Node {
    Node(name: "node", operation: operation, inputs: inputs, outputs: outputs)
  }

  private func constant(
    _ shape: [Int], isBias: Bool, _ type: ElementType, isInteger: Bool
  ) -> Tensor {
    let type: ElementType = isBias ? (isInteger ? .int32 : .float32) : type
    let run = shape[shape.count - 1]
    let count =
      type == .int4
      ? shape.dropLast().reduce(1, *) * Int4Blocks.count(for: run) * Int4Blocks.bytes
      : shape.reduce(1, *) * type.size
    var quantization: Quantization?
    if type == .int8 {
      quantization = Quantization(
        scales: [Float](repeating: 0.01, count: shape[axis]),
        zeroPoints: [Int32](repeating: 0, count: shape[axis]), axis: axis)
    }
    return Tensor(
      name: "w", shape: Shape(shape), type: type, quantization: quantization,
      data: [UInt8](repeating: 0x11, count: count))
  }
}

extension OperatorTrial {
  private static let image = [1, 4, 4, 4]
  private static let row = [2, 4]
  private static let one = Extent2D(height: 1, width: 1)

  /// A trial of every operator; kinds that share a row of the table stand for it one by one.
  static let all: [OperatorTrial] =
    weighted + [
      OperatorTrial(
        operation: .batchMatMul(transposeA: false, transposeB: false), inputs: [[2, 4], [4, 3]],
        output: [2, 3]),
      OperatorTrial(
        operation: .attention(Attention(heads: 2, scale: 1)), inputs: [[1, 3, 12]],
        output: [1, 3, 4]),
    ]
    + BinaryKind.allCases.map {
      OperatorTrial(
        operation: .binary($0, activation: .none), inputs: [row, row], output: row)
    }
    + UnaryKind.allCases.map {
      OperatorTrial(operation: .unary($0), inputs: [row], output: row)
    }
    + [.leakyReLU(alpha: 0.1), .softmax(beta: 1), .logSoftmax, .l2Normalization].map {
      OperatorTrial(operation: $0, inputs: [row], output: row)
    }
    + [
      OperatorTrial(
        operation: .layerNormalization(epsilon: 0.1), inputs: [row], output: row),
      OperatorTrial(
        operation: .select, inputs: [row, row, row], isConditional: true, output: row),
    ]
    + ReduceKind.allCases.map {
      OperatorTrial(
        operation: .reduce($0, axes: [1], keepDimensions: false), inputs: [row], output: [2])
    } + moves

  private static var weighted: [OperatorTrial] {
    let plain = Convolution2D(
      stride: one, dilation: one, padding: Padding2D(), activation: .none)
    func pool(_ kind: Pool2D.Kind) -> Operator {
      .pool2D(
        Pool2D(
          kind: kind, window: Extent2D(height: 2, width: 2),
          stride: Extent2D(height: 2, width: 2), padding: Padding2D(), activation: .none))
    }
    return [
      OperatorTrial(
        operation: .dense(activation: .none), inputs: [row], weights: [[3, 4], [3]],
        hasBias: true, output: [2, 3]),
      OperatorTrial(
        operation: .convolution2D(plain), inputs: [image], weights: [[3, 2, 2, 4], [3]],
        hasBias: true, output: [1, 3, 3, 3]),
      OperatorTrial(
        operation: .depthwiseConvolution2D(plain), inputs: [image],
        weights: [[1, 2, 2, 4]], output: [1, 3, 3, 4], axis: 3),
      OperatorTrial(
        operation: .transposedConvolution2D(
          TransposedConvolution2D(stride: one, padding: Padding2D(), activation: .none)),
        inputs: [image], weights: [[3, 2, 2, 4]], output: [1, 5, 5, 3]),
      OperatorTrial(operation: pool(.maximum), inputs: [image], output: [1, 2, 2, 4]),
      OperatorTrial(operation: pool(.average), inputs: [image], output: [1, 2, 2, 4]),
      OperatorTrial(
        operation: .lstm(LSTM()), inputs: [[1, 3, 8]], weights: [[16, 8], [16, 4]],
        output: [1, 3, 4]),
      OperatorTrial(
        operation: .gru(GRU()), inputs: [[1, 3, 8]], weights: [[12, 8], [12, 4]],
        output: [1, 3, 4]),
    ]
  }

  private static var moves: [OperatorTrial] {
    func resize(_ kind: Resize2D.Kind) -> Operator {
      .resize2D(Resize2D(kind: kind, alignsCorners: false, centersPixels: false))
    }
    return [
      OperatorTrial(operation: .reshape, inputs: [row], output: [8]),
      OperatorTrial(operation: .transpose(permutation: [1, 0]), inputs: [row], output: [4, 2]),
      OperatorTrial(operation: .tile(multiples: [1, 2]), inputs: [row], output: [2, 8]),
      OperatorTrial(operation: .concatenate(axis: 0), inputs: [row, row], output: [4, 4]),
      OperatorTrial(
        operation: .slice(begin: [0, 1], strides: [1, 2]), inputs: [row], output: [2, 2]),
      OperatorTrial(
        operation: .pad(before: [0, 1], after: [0, 1]), inputs: [row], output: [2, 6]),
      OperatorTrial(operation: resize(.nearest), inputs: [image], output: [1, 8, 8, 4]),
      OperatorTrial(operation: resize(.bilinear), inputs: [image], output: [1, 8, 8, 4]),
    ]
  }
}
