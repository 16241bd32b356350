/// The part of an LSTM step behind the split: which tensors feed the four gates.
struct Gates {
  var hidden: Int
  var cell: Int
  var input: Int
  var forget: Int
  var candidate: Int
  var output: Int

  init(in body: inout LoopBody, variables: [(Int, Int)]) throws(LoopMismatch) {
    var found: (hidden: Int, output: Int, cell: Int)?
    for (position, variable) in variables.enumerated() {
      var probe = body
      guard let product = Self.product(in: &probe, behind: variable.1),
        let cell = variables.firstIndex(where: { $0.1 == product.tanh })
      else { continue }
      body = probe
      found = (position, product.sigmoid, cell)
      break
    }
    guard let found else { throw LoopMismatch("no variable is σ(o) · tanh(c)") }
    (hidden, output, cell) = (found.hidden, found.output, found.cell)

    let old = variables[cell].0
    guard let (a, b) = body.pair(of: "ADD", behind: variables[cell].1) else {
      throw LoopMismatch("its cell state is not a sum")
    }
    var gates: (input: Int, forget: Int, candidate: Int)?
    for (kept, added) in [(a, b), (b, a)] {
      var probe = body
      guard let (x, y) = probe.pair(of: "MUL", behind: kept), x == old || y == old,
        let forget = probe.operand(of: "LOGISTIC", behind: x == old ? y : x),
        let new = Self.product(in: &probe, behind: added)
      else { continue }
      body = probe
      gates = (new.sigmoid, forget, new.tanh)
      break
    }
    guard let gates else { throw LoopMismatch("its cell state is not σ(f) · c + σ(i) · tanh(g)") }
    (input, forget, candidate) = (gates.input, gates.forget, gates.candidate)
  }

  /// The operands of σ and tanh, where `tensor` is the product of the two.
  private static func product(
    in body: inout LoopBody, behind tensor: Int
  ) -> (sigmoid: Int, tanh: Int)? {
    guard let (a, b) = body.pair(of: "MUL", behind: tensor) else { return nil }
    for (x, y) in [(a, b), (b, a)] {
      var probe = body
      if let sigmoid = probe.operand(of: "LOGISTIC", behind: x),
        let tanh = probe.operand(of: "TANH", behind: y)
      {
        body = probe
        return (sigmoid, tanh)
      }
    }
    return nil
  }
}

/// The part of an LSTM step before the split: a sum of two products and any number of biases.
struct GateSum {
  var inputWeights: Int
  var recurrentWeights: Int
  var biases: [Int] = []
  var sequence: Int
  /// The counter that chooses the sequence's row.
  var index: Int

  init(in body: inout LoopBody, of tensor: Int, hidden: Int) throws(LoopMismatch) {
    var pending = [tensor]
    var input: (weights: Int, sequence: Int, index: Int)?
    var recurrent: Int?
    var seen: Set<Int> = []
    while let term = pending.popLast() {
      guard seen.insert(term).inserted else { throw LoopMismatch("a gate adds a term twice") }
      if body.isConstant(term) {
        biases.append(term)
      } else if let (a, b) = body.pair(of: "ADD", behind: term) {
        pending += [a, b]
      } else if let inner = body.operand(of: "RESHAPE", behind: term) {
        // With a batch of one a product may travel as a vector.
        pending.append(inner)
      } else if let product = body.operation("FULLY_CONNECTED", behind: term),
        product.inputs.count >= 2, body.isConstant(product.inputs[1]),
        (try? product.op.options(.fullyConnected)?.integer(0, default: Int8(0)) ?? 0) == 0,
        (try? product.op.options(.fullyConnected)?.integer(1, default: Int8(0)) ?? 0) == 0
      {
        if product.inputs.count == 3 { pending.append(product.inputs[2]) }
        if product.inputs[0] == hidden {
          guard recurrent == nil else { throw LoopMismatch("it reads its hidden state twice") }
          recurrent = product.inputs[1]
        } else if let row = body.operation("GATHER", behind: product.inputs[0]),
          row.inputs.count == 2, input == nil,
          (try? row.op.options(.gather)?.integer(0, default: Int32(0)) ?? 0) == 0,
          (try? row.op.options(.gather)?.integer(1, default: Int32(0)) ?? 0) == 0
        {
          input = (product.inputs[1], row.inputs[0], row.inputs[1])
        } else {
          throw LoopMismatch("one of its products reads \(body.kind(behind: product.inputs[0]))")
        }
      } else {
        throw LoopMismatch("its gates are fed by \(body.kind(behind: term))")
      }
    }
    guard let input, let recurrent else {
      throw LoopMismatch("its gates are not W · x + R · h + b")
    }
    (inputWeights, sequence, index) = input
    recurrentWeights = recurrent
  }
}
