/// What a `WHILE` body that is exactly one LSTM step consists of.
///
/// Positions count the loop's variables; numbers are tensors of the body. The step is
///
///     a = W · x[t] + R · h + b,  split into four gates
///     c' = σ(a_f) · c + σ(a_i) · tanh(a_g),  h' = σ(a_o) · tanh(c')
///
/// and h' is either written to row t of a list, or kept as the list's only row.
struct LSTMStep {
  var hidden: Int
  var cell: Int
  var list: Int
  var sequence: Int
  var counters: Set<Int>
  /// The counter that chooses the row of the sequence.
  var time: Int
  /// Whether the list keeps every step or only the last.
  var keepsAll: Bool
  var inputWeights: Int
  var recurrentWeights: Int
  var biases: [Int]
  /// Which quarter of the rows is i, f, g and o.
  var gateOrder: [Int]
}

/// Why a body is no LSTM step.
struct LoopMismatch: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}

extension LSTMStep {
  /// Matches `subgraph` against the step, every operator of it.
  ///
  /// - Parameter integers: reads an integer constant of the body; `nil` when it is none.
  init(
    matching subgraph: TFLiteSubgraph, integers: (TFLiteTensor) -> [Int]?
  ) throws(LoopMismatch) {
    var body = try LoopBody(subgraph)
    func constant(_ tensor: Int) -> [Int]? {
      body.isConstant(tensor) ? integers(subgraph.tensors[tensor]) : nil
    }
    guard subgraph.inputs.count == subgraph.outputs.count else {
      throw LoopMismatch("its variables do not match up")
    }
    let variables = Array(zip(subgraph.inputs, subgraph.outputs))

    counters = []
    for (position, variable) in variables.enumerated() where variable.0 != variable.1 {
      var probe = body
      guard let (a, b) = probe.pair(of: "ADD", behind: variable.1),
        (a == variable.0 && constant(b) == [1]) || (b == variable.0 && constant(a) == [1])
      else { continue }
      body = probe
      counters.insert(position)
    }

    let gates = try Gates(in: &body, variables: variables)
    (hidden, cell) = (gates.hidden, gates.cell)
    guard let split = body.operation("SPLIT", behind: gates.input), split.inputs.count == 2,
      split.op.outputs.count == 4, let axis = constant(split.inputs[0]), axis == [1] || axis == [-1]
    else { throw LoopMismatch("its gates are not one tensor split in four") }
    gateOrder = []
    for gate in [gates.input, gates.forget, gates.candidate, gates.output] {
      guard let quarter = split.op.outputs.firstIndex(of: gate), !gateOrder.contains(quarter) else {
        throw LoopMismatch("its gates are not the four quarters of one tensor")
      }
      gateOrder.append(quarter)
    }

    let sum = try GateSum(in: &body, of: split.inputs[1], hidden: variables[hidden].0)
    inputWeights = sum.inputWeights
    recurrentWeights = sum.recurrentWeights
    biases = sum.biases
    guard let sequence = variables.firstIndex(where: { $0.0 == sum.sequence && $0.0 == $0.1 }),
      let time = variables.firstIndex(where: { $0.0 == sum.index }), counters.contains(time)
    else { throw LoopMismatch("it does not read one row of a fixed sequence in each step") }
    (self.sequence, self.time) = (sequence, time)

    let known = counters.union([hidden, cell, sequence])
    let rest = variables.indices.filter { !known.contains($0) }
    guard rest.count == 1 else {
      throw LoopMismatch("it carries \(rest.count) other variables instead of one list")
    }
    list = rest[0]
    keepsAll = try Self.keepsAll(
      in: &body, list: variables[list], hidden: variables[hidden].1, time: variables[time],
      constant: { [body] tensor in
        body.isConstant(tensor) ? integers(subgraph.tensors[tensor]) : nil
      })
    if let other = body.notUnderstood {
      throw LoopMismatch("it also has node \(other.index) (\(other.code))")
    }
  }

  /// Whether the list's new value is the old one with row `time` replaced by `hidden`, or `hidden` alone.
  private static func keepsAll(
    in body: inout LoopBody, list: (Int, Int), hidden: Int, time: (Int, Int),
    constant: (Int) -> [Int]?
  ) throws(LoopMismatch) -> Bool {
    if let row = body.operand(of: "RESHAPE", behind: list.1) {
      guard row == hidden else { throw LoopMismatch("its list does not keep the hidden state") }
      return false
    }
    let mismatch = LoopMismatch("its list is not written row by row")
    /// A vector that begins with a counter and ends with `rest`s.
    func vector(_ tensor: Int, counter: Int, rest: Int) -> Bool {
      guard let join = body.operation("CONCATENATION", behind: tensor), join.inputs.count == 2,
        let first = body.operand(of: "RESHAPE", behind: join.inputs[0]), first == counter,
        let others = constant(join.inputs[1])
      else { return false }
      return others.allSatisfy { $0 == rest }
    }
    guard let join = body.operation("CONCATENATION", behind: list.1), join.inputs.count == 3,
      (try? join.op.options(.concatenation)?.integer(0, default: Int32(0)) ?? 0) == 0
    else { throw mismatch }
    guard let head = body.operation("SLICE", behind: join.inputs[0]), head.inputs.count == 3,
      head.inputs[0] == list.0, constant(head.inputs[1])?.allSatisfy({ $0 == 0 }) == true,
      vector(head.inputs[2], counter: time.0, rest: -1)
    else { throw mismatch }
    guard body.operand(of: "RESHAPE", behind: join.inputs[1]) == hidden else { throw mismatch }
    guard let tail = body.operation("SLICE", behind: join.inputs[2]), tail.inputs.count == 3,
      tail.inputs[0] == list.0, vector(tail.inputs[1], counter: time.1, rest: 0),
      constant(tail.inputs[2])?.allSatisfy({ $0 == -1 }) == true
    else { throw mismatch }
    return true
  }
}
