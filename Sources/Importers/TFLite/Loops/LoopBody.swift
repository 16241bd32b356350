/// A loop's subgraph, read backwards from its outputs; remembers which operators were understood.
struct LoopBody {
  let subgraph: TFLiteSubgraph
  private let producers: [Int: TFLiteOperator]
  private(set) var understood: Set<Int> = []

  /// Refuses subgraphs whose operators do not stand in the order of execution, so that reading
  /// backwards always ends.
  init(_ subgraph: TFLiteSubgraph) throws(LoopMismatch) {
    self.subgraph = subgraph
    var producers: [Int: TFLiteOperator] = [:]
    var known = Set(subgraph.inputs)
    for op in subgraph.operators {
      for case let input? in op.inputs
      where !known.contains(input) && subgraph.tensors[input].data == nil {
        throw LoopMismatch("node \(op.index) (\(op.code)) reads a tensor before it has a value")
      }
      for output in op.outputs {
        guard known.insert(output).inserted, subgraph.tensors[output].data == nil else {
          throw LoopMismatch("node \(op.index) (\(op.code)) writes a tensor that has a value")
        }
        producers[output] = op
      }
    }
    self.producers = producers
  }

  /// The first operator that no reading needed, if any.
  var notUnderstood: TFLiteOperator? {
    subgraph.operators.first { !understood.contains($0.index) }
  }

  /// The operator behind `tensor`, if it is of the named kind and all its operands are present.
  mutating func operation(_ name: String, behind tensor: Int) -> (
    op: TFLiteOperator, inputs: [Int]
  )? {
    guard let op = producers[tensor], op.code.description == name else { return nil }
    let inputs = op.inputs.compactMap { $0 }
    understood.insert(op.index)
    return (op, inputs)
  }

  /// The operands of a unary operator.
  mutating func operand(of name: String, behind tensor: Int) -> Int? {
    operation(name, behind: tensor)?.inputs.first
  }

  /// The two operands of an `ADD` or `MUL` without a fused activation.
  mutating func pair(of name: String, behind tensor: Int) -> (Int, Int)? {
    guard let op = producers[tensor], op.code.description == name, op.inputs.count == 2,
      let a = op.inputs[0], let b = op.inputs[1]
    else { return nil }
    let options = op.options(name == "ADD" ? .add : .multiply)
    guard (try? options?.integer(0, default: Int8(0)) ?? 0) == 0 else { return nil }
    understood.insert(op.index)
    return (a, b)
  }

  /// Whether `tensor` is a constant; loops read no variables.
  func isConstant(_ tensor: Int) -> Bool {
    producers[tensor] == nil && !subgraph.inputs.contains(tensor)
      && subgraph.tensors[tensor].data != nil
  }

  /// The name of the operator behind `tensor`, for messages.
  func kind(behind tensor: Int) -> String {
    producers[tensor]?.code.description ?? "no operator"
  }
}
