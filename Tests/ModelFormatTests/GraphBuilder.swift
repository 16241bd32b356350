import ModelFormat

/// Puts small graphs together; constants are filled with a pattern.
struct GraphBuilder {
  var graph = Graph(name: "sample")

  mutating func input(
    _ shape: Shape, _ type: ElementType = .float32, _ quantization: Quantization? = nil
  ) -> TensorID {
    let id = graph.add(
      Tensor(
        name: "in\(graph.tensors.count)", shape: shape, type: type, quantization: quantization))
    graph.inputs.append(id)
    return id
  }

  mutating func constant(
    _ shape: Shape, _ type: ElementType = .float32, _ quantization: Quantization? = nil,
    data: [UInt8]? = nil
  ) -> TensorID {
    let count = shape.elementCount! * type.size
    let pattern = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 1) }
    return graph.add(
      Tensor(
        name: "c\(graph.tensors.count)", shape: shape, type: type, quantization: quantization,
        data: data ?? pattern))
  }

  /// Adds the node and the tensor that it writes, which becomes the graph's only output.
  @discardableResult mutating func node(
    _ operation: Operator, _ inputs: [TensorID?], gives shape: Shape,
    _ type: ElementType = .float32, _ quantization: Quantization? = nil
  ) -> TensorID {
    let id = graph.add(
      Tensor(
        name: "t\(graph.tensors.count)", shape: shape, type: type, quantization: quantization))
    graph.nodes.append(
      Node(name: "n\(graph.nodes.count)", operation: operation, inputs: inputs, outputs: [id]))
    graph.outputs = [id]
    return id
  }

  /// A graph of one node over one input.
  static func one(_ operation: Operator, _ shape: Shape, gives output: Shape) -> Graph {
    var builder = GraphBuilder()
    let x = builder.input(shape)
    builder.node(operation, [x], gives: output)
    return builder.graph
  }
}

extension Quantization {
  /// One scale of 1/4 and the zero point 3.
  static let activation = Quantization(scales: [0.25], zeroPoints: [3])

  static func channels(_ count: Int, axis: Int = 0) -> Quantization {
    Quantization(
      scales: (1...count).map { 0.001 * Float($0) },
      zeroPoints: [Int32](repeating: 0, count: count), axis: axis)
  }
}

extension Convolution2D {
  static let plain = Convolution2D(
    stride: Extent2D(height: 1, width: 1), dilation: Extent2D(height: 1, width: 1),
    padding: Padding2D(), activation: .none)
}
