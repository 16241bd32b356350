/// A neural network as a list of nodes in execution order over a table of tensors.
///
/// Invariants, checked by ``Graph/validate()``: every node reads tensors that are graph inputs,
/// constants, or outputs of an earlier node; every tensor is written at most once; every tensor's
/// shape is what its node's shape rule gives.
public struct Graph: Equatable, Sendable {
  public var name: String
  public var tensors: [Tensor]
  public var nodes: [Node]
  public var inputs: [TensorID]
  public var outputs: [TensorID]

  public init(
    name: String, tensors: [Tensor] = [], nodes: [Node] = [], inputs: [TensorID] = [],
    outputs: [TensorID] = []
  ) {
    self.name = name
    self.tensors = tensors
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
  }

  public subscript(id: TensorID) -> Tensor {
    get { tensors[id.index] }
    set { tensors[id.index] = newValue }
  }

  /// Appends `tensor` and returns the identifier that nodes refer to it by.
  public mutating func add(_ tensor: Tensor) -> TensorID {
    tensors.append(tensor)
    return TensorID(tensors.count - 1)
  }
}

/// The position of a tensor in its graph's table.
public struct TensorID: Hashable, Sendable {
  public var index: Int

  public init(_ index: Int) { self.index = index }
}

/// One step of the computation.
///
/// The order and meaning of `inputs` is given at each ``Operator`` payload. `nil` stands for an
/// optional operand that is absent (a missing bias).
public struct Node: Equatable, Sendable {
  public var name: String
  public var operation: Operator
  public var inputs: [TensorID?]
  public var outputs: [TensorID]

  public init(name: String, operation: Operator, inputs: [TensorID?], outputs: [TensorID]) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
    self.outputs = outputs
  }
}
