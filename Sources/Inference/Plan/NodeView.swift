internal import ModelFormat

/// A node with its graph: what planning asks of it, with errors that name layer and tensor.
struct NodeView {
  var graph: Graph
  var index: Int
  var tile: Tile

  var node: Node { graph.nodes[index] }
  var name: String { node.name }

  func has(_ position: Int) -> Bool {
    position < node.inputs.count && node.inputs[position] != nil
  }

  func inputID(_ position: Int) throws(InferenceError) -> TensorID {
    guard position < node.inputs.count, let id = node.inputs[position] else {
      throw .unsupported(layer: name, tensor: "input \(position)", reason: "operand is missing")
    }
    return id
  }

  func input(_ position: Int) throws(InferenceError) -> Tensor { graph[try inputID(position)] }

  func output() throws(InferenceError) -> Tensor {
    guard let id = node.outputs.first else {
      throw .unsupported(layer: name, tensor: "output 0", reason: "operand is missing")
    }
    return graph[id]
  }

  /// The input, which must hold float32.
  func floatInput(_ position: Int) throws(InferenceError) -> Tensor {
    let tensor = try input(position)
    try require(tensor.type == .float32, tensor, "must be float32")
    return tensor
  }

  func floatOutput() throws(InferenceError) -> Tensor {
    let tensor = try output()
    try require(tensor.type == .float32, tensor, "must be float32")
    return tensor
  }

  func count(_ tensor: Tensor) throws(InferenceError) -> Int {
    guard let count = tensor.shape.elementCount, count <= 1 << 26 else {
      throw .tooLarge(layer: name, tensor: tensor.name)
    }
    try require(count > 0, tensor, "has no elements")
    return count
  }

  /// The product of sizes that scratch memory is computed from.
  func product(_ factors: [Int], for tensor: Tensor) throws(InferenceError) -> Int {
    var product: Int32 = 1
    for factor in factors {
      guard let factor = Int32(exactly: factor), factor >= 0 else {
        throw .tooLarge(layer: name, tensor: tensor.name)
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow, next <= 1 << 28 else { throw .tooLarge(layer: name, tensor: tensor.name) }
      product = next
    }
    return Int(product)
  }

  func require(
    _ condition: Bool, _ tensor: Tensor, _ reason: @autoclosure () -> String
  ) throws(InferenceError) {
    if !condition { throw .unsupported(layer: name, tensor: tensor.name, reason: reason()) }
  }

  /// A request for the matrix of the weights at input `weights` with the bias at `bias`, after checking types
  /// and sizes. Its bias is float32 for a float result, else int32. Weights may be int4 where all products are with
  /// rows of floats.
  func matrix(
    weights: Int, bias: Int?, n: Int, k: Int, segments: Int = 1, taps: TapOrder? = nil,
    result: MatrixResult = .float, as type: MatrixType? = nil, takesBlocks: Bool = false
  ) throws(InferenceError) -> MatrixRequest {
    let tensor = try input(weights)
    guard let type = type ?? MatrixType(tensor.type), type != .int4 || takesBlocks else {
      throw .unsupported(
        layer: name, tensor: tensor.name, reason: "weights must be float32, float16 or int8")
    }
    try require(
      result == .float || type.isInt8, tensor, "weights must be int8 where activations are")
    let depth = try product([segments, k], for: tensor)
    let expected = try product(
      [n, taps.map { depth / $0.order.count * $0.count } ?? depth], for: tensor)
    try require(try count(tensor) == expected, tensor, "has not the size of the operator's weights")
    try require(depth <= 1 << 17, tensor, "has more than 131072 values an output channel")
    var request = MatrixRequest(
      weights: try inputID(weights), n: n, k: k, segments: segments, taps: taps, type: type,
      result: result)
    if let bias, has(bias) {
      let values = try input(bias)
      try require(
        values.type == (result == .float ? .float32 : .int32), values,
        "must be \(result == .float ? "float32" : "int32")")
      try require(try count(values) == n, values, "has not one value an output channel")
      request.bias = try inputID(bias)
    }
    return request
  }
}
