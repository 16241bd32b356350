import ModelFormat

/// Valid graphs: every operator at least once, float, dynamic-range and quantized.
enum GraphSamples {
  static let all: [Graph] = [
    layers(.float32, nil), layers(.float16, nil), layers(.int8, .channels(12)), images, quantized,
    movement, attention, elementwise, rows, wide,
  ]

  /// LSTM, repeated, dense, softmax, as an encoder-decoder has them.
  static func layers(_ type: ElementType, _ quantization: Quantization?) -> Graph {
    var b = GraphBuilder()
    let x = b.input([1, 4, 6])
    let w = b.constant([12, 6], type, quantization)
    let r = b.constant([12, 3], type, quantization)
    let bias = b.constant([12])
    let h = b.node(
      .lstm(LSTM(keepsState: true, reversed: true)), [x, w, r, bias], gives: [1, 4, 3])
    let last = b.node(.slice(begin: [0, 3, 0], strides: [1, 1, 1]), [h], gives: [1, 1, 3])
    let flat = b.node(.reshape, [last], gives: [1, 3])
    let row = b.node(.reshape, [flat], gives: [1, 1, 3])
    let repeated = b.node(.tile(multiples: [1, 4, 1]), [row], gives: [1, 4, 3])
    let v = b.constant([2, 3])
    let y = b.node(.dense(activation: .relu6), [repeated, v, nil], gives: [1, 4, 2])
    b.node(.softmax(beta: 1), [y], gives: [1, 4, 2])
    return b.graph
  }

  static var images: Graph {
    var b = GraphBuilder()
    let x = b.input([1, 9, 7, 2])
    let w = b.constant([4, 3, 3, 2])
    var payload = Convolution2D.plain
    payload.stride = Extent2D(height: 2, width: 1)
    payload.dilation = Extent2D(height: 1, width: 2)
    payload.padding = Padding2D(top: 1, bottom: 1, left: 2, right: 2)
    let a = b.node(.convolution2D(payload), [x, w, b.constant([4])], gives: [1, 5, 7, 4])
    let d = b.constant([1, 2, 2, 8], .int8, .channels(8, axis: 3))
    let c = b.node(.depthwiseConvolution2D(.plain), [a, d], gives: [1, 4, 6, 8])
    let p = b.node(
      .pool2D(
        Pool2D(
          kind: .average, window: Extent2D(height: 2, width: 3),
          stride: Extent2D(height: 2, width: 2), padding: Padding2D(right: 1), activation: .relu)),
      [c], gives: [1, 2, 3, 8])
    let t = b.constant([5, 3, 3, 8])
    b.node(
      .transposedConvolution2D(
        TransposedConvolution2D(
          stride: Extent2D(height: 2, width: 2), padding: Padding2D(top: 0, bottom: 1),
          activation: .tanh)), [p, t], gives: [1, 4, 7, 5])
    return b.graph
  }

  /// Everything int8, as a fully quantized file has it.
  static var quantized: Graph {
    var b = GraphBuilder()
    let x = b.input([1, 5])
    let q = b.node(.quantize, [x], gives: [1, 5], .int8, .activation)
    let w = b.constant([3, 5], .int8, .channels(3))
    let bias = b.constant([3], .int32, .channels(3))
    let y = b.node(
      .dense(activation: .none), [q, w, bias], gives: [1, 3], .int8,
      Quantization(scales: [0.5], zeroPoints: [-128]))
    b.node(.dequantize, [y], gives: [1, 3])
    return b.graph
  }

  static var movement: Graph {
    var b = GraphBuilder()
    let x = b.input([2, 3, 4])
    let t = b.node(.transpose(permutation: [2, 0, 1]), [x], gives: [4, 2, 3])
    let p = b.node(.pad(before: [0, 1, 0], after: [0, 1, 2]), [t], gives: [4, 4, 5])
    let c = b.node(.concatenate(axis: 1), [p, p, p], gives: [4, 12, 5])
    let s = b.node(
      .slice(begin: [0, 11, 4], strides: [1, -2, -1]), [c], gives: [4, 6, 5])
    let indices = b.constant([2], .int32, data: [1, 0, 0, 0, 3, 0, 0, 0])
    let g = b.node(.gather(axis: 0), [s, indices], gives: [2, 6, 5])
    b.node(.reduce(.maximum, axes: [0, 2], keepDimensions: false), [g], gives: [6])
    return b.graph
  }

  static var attention: Graph {
    var b = GraphBuilder()
    let x = b.input([2, 1, 4, 8])
    let y = b.input([3, 6, 8])
    let scores = b.node(
      .batchMatMul(transposeA: false, transposeB: true), [x, y], gives: [2, 3, 4, 6])
    let weights = b.node(.softmax(beta: 0.5), [scores], gives: [2, 3, 4, 6])
    b.node(
      .batchMatMul(transposeA: true, transposeB: false), [weights, scores], gives: [2, 3, 6, 6])
    return b.graph
  }

  static var elementwise: Graph {
    var b = GraphBuilder()
    var x = b.input([2, 1, 3])
    let half = b.constant([4, 1], .float16)
    x = b.node(.binary(.add, activation: .relu), [x, half], gives: [2, 4, 3])
    for kind in BinaryKind.allCases {
      x = b.node(.binary(kind, activation: .none), [x, x], gives: [2, 4, 3])
    }
    for kind in UnaryKind.allCases { x = b.node(.unary(kind), [x], gives: [2, 4, 3]) }
    x = b.node(.reduce(.mean, axes: [1], keepDimensions: true), [x], gives: [2, 1, 3])
    b.node(.reduce(.sum, axes: [0, 1, 2], keepDimensions: false), [x], gives: [])
    return b.graph
  }

  /// Normalizations, fused attention, and functions of elements with payloads.
  static var rows: Graph {
    var b = GraphBuilder()
    var x = b.input([2, 5, 12])
    x = b.node(
      .layerNormalization(epsilon: 0.001), [x, b.constant([12]), b.constant([12])],
      gives: [2, 5, 12])
    x = b.node(.layerNormalization(epsilon: 0.001), [x], gives: [2, 5, 12])
    let packed = b.node(.attention(Attention(heads: 2, scale: 0.5)), [x], gives: [2, 5, 4])
    let v = b.input([2, 5, 6])
    x = b.node(.attention(Attention(heads: 3, scale: 1)), [x, x, v], gives: [2, 5, 6])
    x = b.node(.logSoftmax, [x], gives: [2, 5, 6])
    x = b.node(.l2Normalization, [x], gives: [2, 5, 6])
    x = b.node(.leakyReLU(alpha: 0.25), [x], gives: [2, 5, 6])
    let condition = b.constant([5, 1])
    x = b.node(.select, [condition, x, b.constant([])], gives: [2, 5, 6])
    x = b.node(.reshape, [x], gives: [2, 5, 2, 3])
    let resize = Resize2D(kind: .bilinear, alignsCorners: true, centersPixels: false)
    x = b.node(.resize2D(resize), [x], gives: [2, 9, 4, 3])
    b.graph.outputs.append(packed)
    return b.graph
  }

  /// Enough names and blobs that every length field needs more than its shortest form.
  static var wide: Graph {
    var b = GraphBuilder()
    let x = b.input([1, 300])
    let w = b.constant([30, 300], .int8, .channels(30))
    b.graph.name = "модель 🌿"
    b.node(.dense(activation: .sigmoid), [x, w, b.constant([30])], gives: [1, 30])
    return b.graph
  }
}
