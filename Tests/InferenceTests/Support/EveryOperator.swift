import ModelFormat

/// A small network in which every operator occurs.
enum EveryOperator {
  static func graph() -> Graph {
    var numbers = Numbers(state: 15)
    var graph = Graph(name: "every operator")
    let input = graph.value([1, 6, 8, 4])
    let one = Extent2D(height: 1, width: 1)
    let same = Convolution2D(
      stride: one, dilation: one, padding: Padding2D(top: 1, bottom: 1, left: 1, right: 1),
      activation: .relu)
    let scales = [Float](repeating: 0.004, count: 4)
    var x = graph.node(
      .convolution2D(same),
      [input, graph.weights([4, 3, 3, 4], numbers.bytes(144), scales: scales), nil], [1, 6, 8, 4])
    x = graph.node(
      .depthwiseConvolution2D(same),
      [x, graph.constant([1, 3, 3, 4], numbers.floats(36)), nil], [1, 6, 8, 4])
    let two = Extent2D(height: 2, width: 2)
    x = graph.node(
      .pool2D(
        Pool2D(kind: .average, window: two, stride: two, padding: Padding2D(), activation: .none)),
      [x], [1, 3, 4, 4])
    x = graph.node(
      .transposedConvolution2D(
        TransposedConvolution2D(stride: two, padding: Padding2D(), activation: .tanh)),
      [x, graph.constant([4, 2, 2, 4], numbers.floats(64)), nil], [1, 6, 8, 4])
    x = graph.node(.binary(.add, activation: .sigmoid), [x, input], [1, 6, 8, 4])
    x = graph.node(.reshape, [x], [1, 12, 16])
    let gates = [Float](repeating: 0.01, count: 32)
    x = graph.node(
      .lstm(LSTM()),
      [
        x, graph.weights([32, 16], numbers.bytes(512), scales: gates),
        graph.weights([32, 8], numbers.bytes(256), scales: gates), nil,
      ], [1, 12, 8])
    let turned = graph.node(.transpose(permutation: [0, 2, 1]), [x], [1, 8, 12])
    x = graph.node(.batchMatMul(transposeA: false, transposeB: false), [turned, x], [1, 8, 8])
    x = graph.node(.unary(.gelu), [x], [1, 8, 8])
    x = graph.node(.softmax(beta: 1), [x], [1, 8, 8])
    x = graph.node(
      .layerNormalization(epsilon: 0.1), [x, graph.constant([8], numbers.floats(8)), nil],
      [1, 8, 8])
    x = graph.node(.attention(Attention(heads: 2, scale: 0.5)), [x, x, x], [1, 8, 8])
    let sign = graph.node(
      .binary(.less, activation: .none), [x, graph.constant([], [0])], [1, 8, 8])
    let leaky = graph.node(.leakyReLU(alpha: 0.1), [x], [1, 8, 8])
    x = graph.node(.select, [sign, leaky, x], [1, 8, 8])
    x = graph.node(.logSoftmax, [x], [1, 8, 8])
    x = graph.node(.l2Normalization, [x], [1, 8, 8])
    let picture = graph.node(.reshape, [x], [1, 4, 4, 4])
    let larger = Resize2D(kind: .bilinear, alignsCorners: false, centersPixels: true)
    let resized = graph.node(.resize2D(larger), [picture], [1, 8, 2, 4])
    x = graph.node(.reshape, [resized], [1, 8, 8])
    x = graph.node(.pad(before: [0, 1, 0], after: [0, 1, 0]), [x], [1, 10, 8])
    x = graph.node(.slice(begin: [0, 8, 0], strides: [1, -1, 1]), [x], [1, 8, 8])
    x = graph.node(.tile(multiples: [1, 2, 1]), [x], [1, 16, 8])
    x = graph.node(.gather(axis: 1), [x, graph.indices([3], [0, 15, 7])], [1, 3, 8])
    let quantized = graph.add(
      Tensor(
        name: "quantized", shape: [1, 3, 8], type: .int8,
        quantization: Quantization(scales: [0.01], zeroPoints: [0])))
    graph.nodes.append(
      Node(name: "quantize", operation: .quantize, inputs: [x], outputs: [quantized]))
    let back = graph.node(.dequantize, [quantized], [1, 3, 8])
    x = graph.node(.concatenate(axis: 2), [x, back], [1, 3, 16])
    x = graph.node(
      .dense(activation: .none),
      [x, graph.weights([5, 16], numbers.bytes(80), scales: [0.01], axis: nil), nil], [1, 3, 5])
    let output = graph.node(.reduce(.mean, axes: [0, 2], keepDimensions: false), [x], [3])
    (graph.inputs, graph.outputs) = ([input], [output])
    return graph
  }
}
