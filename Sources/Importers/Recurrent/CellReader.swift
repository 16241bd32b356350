internal import ModelFormat

/// A graph read backwards, from a value to what it is computed from.
struct CellReader {
  let graph: Graph
  private let producers: [TensorID: Int]

  init(_ graph: Graph) {
    self.graph = graph
    var producers: [TensorID: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs { producers[output] = index }
    }
    self.producers = producers
  }

  func node(behind tensor: TensorID) -> Node? {
    producers[tensor].map { graph.nodes[$0] }
  }

  /// The operand of a function.
  func operand(of kind: UnaryKind, behind tensor: TensorID) -> TensorID? {
    guard let node = node(behind: tensor), node.operation == .unary(kind) else { return nil }
    return node.inputs[0]
  }

  /// The operands of a sum, difference or product.
  func pair(of kind: BinaryKind, behind tensor: TensorID) -> (TensorID, TensorID)? {
    guard let node = node(behind: tensor), node.operation == .binary(kind, activation: .none),
      node.inputs.count == 2, let a = node.inputs[0], let b = node.inputs[1]
    else { return nil }
    return (a, b)
  }

  /// What σ and tanh are taken of, where `tensor` is the product of the two.
  func gatedTanh(behind tensor: TensorID) -> (sigmoid: TensorID, tanh: TensorID)? {
    guard let (a, b) = pair(of: .multiply, behind: tensor) else { return nil }
    for (x, y) in [(a, b), (b, a)] {
      if let sigmoid = operand(of: .sigmoid, behind: x), let tanh = operand(of: .tanh, behind: y) {
        return (sigmoid, tanh)
      }
    }
    return nil
  }

  /// The factors of a product, the first of which is a sigmoid.
  func gated(behind tensor: TensorID) -> (sigmoid: TensorID, other: TensorID)? {
    guard let (a, b) = pair(of: .multiply, behind: tensor) else { return nil }
    if operand(of: .sigmoid, behind: a) != nil { return (a, b) }
    return operand(of: .sigmoid, behind: b) == nil ? nil : (b, a)
  }

  /// The value before reshapes that only add or drop axes of one element; no cell has many.
  func origin(of tensor: TensorID) -> TensorID {
    var current = tensor
    for _ in 0..<8 {
      guard let node = node(behind: current), case .reshape = node.operation,
        let source = node.inputs[0], wide(source) == wide(current),
        graph[source].shape.dimensions.last == graph[current].shape.dimensions.last
      else { return current }
      current = source
    }
    return current
  }

  private func wide(_ tensor: TensorID) -> [Int] {
    graph[tensor].shape.dimensions.filter { $0 != 1 }
  }
}
