internal import ModelFormat

/// Activations moved into the operator that computes what they are applied to.
extension Graph {
  mutating func foldActivations() {
    let index = GraphIndex(self)
    for position in nodes.indices {
      guard case .unary(let kind) = nodes[position].operation, let activation = kind.activation,
        let x = nodes[position].inputs[0], self[nodes[position].outputs[0]].type == .float32,
        let producer = activatedProducer(of: x, index), producer < position
      else { continue }
      nodes[producer].operation.activation = activation
      nodes[position].operation = .reshape
    }
  }

  private func activatedProducer(of id: TensorID, _ index: GraphIndex) -> Int? {
    var current = id
    while index.isPrivate(current), let position = index.producer(of: current),
      self[current].type == .float32
    {
      let node = nodes[position]
      if node.operation == .reshape, let input = node.inputs[0] {
        current = input
        continue
      }
      return node.operation.activation == Activation.none ? position : nil
    }
    return nil
  }
}

extension UnaryKind {
  /// The activation that does the same.
  fileprivate var activation: Activation? {
    switch self {
    case .relu: .relu
    case .relu6: .relu6
    case .reluN1To1: .reluN1To1
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    default: nil
    }
  }
}

extension Operator {
  /// The function fused behind the operator; `nil` where none can be.
  var activation: Activation? {
    get {
      switch self {
      case .dense(let activation), .binary(_, let activation): activation
      case .convolution2D(let payload), .depthwiseConvolution2D(let payload): payload.activation
      case .transposedConvolution2D(let payload): payload.activation
      case .pool2D(let payload): payload.activation
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .dense: self = .dense(activation: newValue)
      case .binary(let kind, _): self = .binary(kind, activation: newValue)
      case .convolution2D(var payload):
        payload.activation = newValue
        self = .convolution2D(payload)
      case .depthwiseConvolution2D(var payload):
        payload.activation = newValue
        self = .depthwiseConvolution2D(payload)
      case .transposedConvolution2D(var payload):
        payload.activation = newValue
        self = .transposedConvolution2D(payload)
      case .pool2D(var payload):
        payload.activation = newValue
        self = .pool2D(payload)
      default: break
      }
    }
  }
}
