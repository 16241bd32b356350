/// What a `WHILE` body does beside its step: it counts, reads one row of a sequence, and writes one row of a list.
///
/// Positions count the loop's variables; tensors are numbers of the body.
struct LoopControl {
  /// Variables that go up by one at each trip.
  var counters: Set<Int> = []
  /// Variables that stay as they are.
  var fixed: Set<Int> = []
  /// Rows of sequences, by tensor: which variable, and the counter that chooses the row.
  var rows: [Int: (sequence: Int, counter: Int)] = [:]
  /// Lists, by position: the tensor that is written to the row of `counter`.
  var lists: [Int: (row: Int, counter: Int)] = [:]
  /// The operators that do this; all others belong to the step.
  var operators: Set<Int> = []

  /// - Parameter integers: reads an integer constant of the body; `nil` when it is none.
  init(
    of subgraph: TFLiteSubgraph, integers: (TFLiteTensor) -> [Int]?
  ) throws(LoopMismatch) {
    var body = try LoopBody(subgraph)
    func constant(_ tensor: Int) -> [Int]? {
      body.isConstant(tensor) ? integers(subgraph.tensors[tensor]) : nil
    }
    guard subgraph.inputs.count == subgraph.outputs.count, subgraph.inputs.count <= 64 else {
      throw LoopMismatch(
        "it has \(subgraph.inputs.count) variables before and \(subgraph.outputs.count) after a step"
      )
    }
    let variables = Array(zip(subgraph.inputs, subgraph.outputs))
    for (position, variable) in variables.enumerated() {
      if variable.0 == variable.1 {
        fixed.insert(position)
        continue
      }
      var probe = body
      guard let (a, b) = probe.pair(of: "ADD", behind: variable.1),
        (a == variable.0 && constant(b) == [1]) || (b == variable.0 && constant(a) == [1])
      else { continue }
      body = probe
      counters.insert(position)
    }
    for op in subgraph.operators {
      guard let row = body.row(read: op),
        let sequence = variables.firstIndex(where: { $0.0 == row.sequence }),
        let counter = variables.firstIndex(where: { $0.0 == row.index }),
        fixed.contains(sequence), counters.contains(counter), let output = op.outputs.first
      else { continue }
      _ = body.operation("GATHER", behind: output)
      rows[output] = (sequence, counter)
    }
    for (position, variable) in variables.enumerated()
    where !fixed.contains(position) && !counters.contains(position) {
      for counter in counters {
        var probe = body
        guard
          let row = probe.row(
            writtenTo: variable, at: variables[counter],
            constant: { tensor in
              body.isConstant(tensor) ? integers(subgraph.tensors[tensor]) : nil
            })
        else { continue }
        body = probe
        lists[position] = (row, counter)
        break
      }
    }
    operators = body.understood
  }
}

extension LoopBody {
  /// The operands of a `GATHER` of whole rows.
  fileprivate func row(read op: TFLiteOperator) -> (sequence: Int, index: Int)? {
    guard op.code.description == "GATHER", op.inputs.count == 2, op.outputs.count == 1,
      let sequence = op.inputs[0], let index = op.inputs[1],
      (try? op.options(.gather)?.integer(0, default: Int32(0)) ?? 0) == 0,
      (try? op.options(.gather)?.integer(1, default: Int32(0)) ?? 0) == 0
    else { return nil }
    return (sequence, index)
  }

  /// What is written to row `time` of a list, where its new value is what stands before, the row, what stands behind.
  fileprivate mutating func row(
    writtenTo list: (Int, Int), at time: (Int, Int), constant: (Int) -> [Int]?
  ) -> Int? {
    /// A vector that begins with a counter and ends with `rest`s.
    func vector(_ tensor: Int, counter: Int, rest: Int) -> Bool {
      guard let join = operation("CONCATENATION", behind: tensor), join.inputs.count == 2,
        let first = operand(of: "RESHAPE", behind: join.inputs[0]), first == counter,
        let others = constant(join.inputs[1])
      else { return false }
      return others.allSatisfy { $0 == rest }
    }
    guard let join = operation("CONCATENATION", behind: list.1), join.inputs.count == 3,
      (try? join.op.options(.concatenation)?.integer(0, default: Int32(0)) ?? 0) == 0,
      let head = operation("SLICE", behind: join.inputs[0]), head.inputs.count == 3,
      head.inputs[0] == list.0, constant(head.inputs[1])?.allSatisfy({ $0 == 0 }) == true,
      vector(head.inputs[2], counter: time.0, rest: -1),
      let tail = operation("SLICE", behind: join.inputs[2]), tail.inputs.count == 3,
      tail.inputs[0] == list.0, vector(tail.inputs[1], counter: time.1, rest: 0),
      constant(tail.inputs[2])?.allSatisfy({ $0 == -1 }) == true
    else { return nil }
    return join.inputs[1]
  }
}
