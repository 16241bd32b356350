/// The rules of one node: how many operands it has, of which types, and the shape that follows from them. The rules of each
/// family of operators stand in a file of their own.
struct NodeRules {
  let graph: Graph
  let index: Int

  var node: Node { graph.nodes[index] }

  /// Every tensor is valid by itself and every identifier is known to exist before this is called.
  func check() throws(GraphError) {
    switch node.operation {
    case .dense(let activation): try checkDense(activation)
    case .convolution2D(let payload): try checkConvolution(payload)
    case .depthwiseConvolution2D(let payload): try checkDepthwiseConvolution(payload)
    case .transposedConvolution2D(let payload): try checkTransposedConvolution(payload)
    case .pool2D(let payload): try checkPool(payload)
    case .lstm(let payload): try checkLSTM(payload)
    case .gru(let payload): try checkGRU(payload)
    case .batchMatMul(let transposeA, let transposeB): try checkMatMul(transposeA, transposeB)
    case .binary(let kind, let activation): try checkBinary(kind, activation)
    case .unary(let kind): try checkUnary(kind)
    case .softmax(let beta): try checkSoftmax(beta)
    case .logSoftmax: try checkLogSoftmax()
    case .l2Normalization: try checkL2Normalization()
    case .layerNormalization(let epsilon): try checkLayerNormalization(epsilon)
    case .attention(let payload): try checkAttention(payload)
    case .leakyReLU(let alpha): try checkLeakyReLU(alpha)
    case .select: try checkSelect()
    case .resize2D: try checkResize()
    case .reduce(let kind, let axes, let keep): try checkReduce(kind, axes, keep)
    case .reshape: try checkReshape()
    case .transpose(let permutation): try checkTranspose(permutation)
    case .tile(let multiples): try checkTile(multiples)
    case .concatenate(let axis): try checkConcatenate(axis)
    case .slice(let begin, let strides): try checkSlice(begin, strides)
    case .gather(let axis): try checkGather(axis)
    case .pad(let before, let after): try checkPad(before, after)
    case .quantize: try checkQuantize()
    case .dequantize: try checkDequantize()
    }
  }

  func error(_ reason: String) -> GraphError {
    GraphError(.node(index: index, name: node.name, operation: node.operation.name), reason)
  }

  func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws(GraphError) {
    guard condition else { throw error(reason()) }
  }

  /// Requires so many inputs, the last `optional` of which may be absent or left out, and one output.
  func expectOperands(_ count: Int, optional: Int = 0) throws(GraphError) {
    let inputs = node.inputs
    try require(
      inputs.count <= count && inputs.count >= count - optional,
      "has \(inputs.count) inputs; it takes \(count)")
    for position in inputs.indices where position < count - optional {
      try require(inputs[position] != nil, "lacks input \(position)")
    }
    try require(node.outputs.count == 1, "has \(node.outputs.count) outputs; it gives 1")
  }

  /// An input that ``expectOperands(_:optional:)`` has shown to be there.
  func input(_ position: Int) -> Tensor { graph[node.inputs[position]!] }

  func optionalInput(_ position: Int) -> Tensor? {
    guard position < node.inputs.count, let id = node.inputs[position] else { return nil }
    return graph[id]
  }

  var output: Tensor { graph[node.outputs[0]] }

  func expectOutput(_ shape: [Int]) throws(GraphError) {
    try require(
      output.shape.dimensions == shape,
      "gives \(Shape(shape).description), yet \(output.name) has shape \(output.shape.description)")
  }

  func expectRank(_ rank: Int, of tensor: Tensor) throws(GraphError) {
    try require(
      tensor.shape.rank == rank,
      "takes \(rank) axes at \(tensor.name), which has shape \(tensor.shape.description)")
  }

  func expectShape(_ shape: [Int], of tensor: Tensor) throws(GraphError) {
    try require(
      tensor.shape.dimensions == shape,
      "takes \(Shape(shape).description) at \(tensor.name), which has shape \(tensor.shape.description)"
    )
  }
}
