/// A `WHILE` loop over an LSTM step as Keras 3 exports it, or nearly so.
struct LoopFixture {
  /// What is changed against the true step.
  enum Flaw: CaseIterable {
    case candidateIsSigmoid
    case forgetReadsNewCell
    case conditionCountsDown
    case counterStepsByTwo
    case initialStateNotZero
    case fusedActivation
    case listKeepsCell
    case cellStateIsRead
    case listIsTooShort
    case sumReadsItself
    case conditionReadsItself
    case termAddedTwice
    case loopsWithinItself
  }

  static let steps: Int32 = 3
  static let inputs: Int32 = 2
  static let units: Int32 = 2

  /// Rows of W, R and b in the order of `gateOrder`, e.g. "ifgo" as Keras has it.
  static func file(
    flaw: Flaw? = nil, gateOrder: String = "ifgo", keepsAll: Bool = true, computesMore: Bool = false
  ) -> [UInt8] {
    var file = TFLiteFixture()
    file.subgraphs = [.init(), .init(), .init()]
    condition(&file, flaw)
    body(&file, flaw, Array(gateOrder), keepsAll: keepsAll, computesMore: computesMore)

    let x = file.tensor("x", [steps, 1, inputs])
    let zero = file.integers("zero", [], [0])
    let states = flaw == .initialStateNotZero ? [Float(0), 1] : [0, 0]
    let state = file.floats("state", [1, units], states)
    let rows: Int32 = !keepsAll ? 1 : flaw == .listIsTooShort ? 2 : steps
    let list = file.floats(
      "list", [rows, 1, units], Array(repeating: 0, count: Int(rows * units)))
    let outputs = [
      file.tensor("rnn/while", [], type: TFLiteFixture.int32),
      file.tensor("rnn/while1", [], type: TFLiteFixture.int32),
      file.tensor("rnn/while2", [rows, 1, units]), file.tensor("rnn/while3", [1, units]),
      file.tensor("rnn/while4", [1, units]), file.tensor("rnn/while5", [steps, 1, inputs]),
    ]
    file.add(
      "WHILE", [zero, zero, list, state, state, x], outputs,
      options: (93, [0: .int32(1), 1: .int32(2)]))
    let y = file.tensor("y", flaw == .cellStateIsRead ? [1, units] : [rows, 1, units])
    file.add("TANH", [outputs[flaw == .cellStateIsRead ? 4 : 2]], [y])
    file.subgraphs[0].inputs = [x]
    file.subgraphs[0].outputs = [y]
    return file.bytes()
  }

  private static func variables(
    _ file: inout TFLiteFixture, in graph: Int, rows: Int32
  ) -> [Int32] {
    let names = ["t", "counter", "list", "h", "c", "x"]
    let shapes: [[Int32]] = [
      [], [], [rows, 1, units], [1, units], [1, units], [steps, 1, inputs],
    ]
    return zip(names, shapes).map { name, shape in
      file.tensor(
        name, shape, type: shape.isEmpty ? TFLiteFixture.int32 : TFLiteFixture.float32, in: graph)
    }
  }

  private static func condition(_ file: inout TFLiteFixture, _ flaw: Flaw?) {
    let v = variables(&file, in: 1, rows: steps)
    let bound = file.integers("bound", [], [steps], in: 1)
    let results = (0..<3).map { file.tensor("b\($0)", [], type: TFLiteFixture.bool, in: 1) }
    let first = flaw == .conditionCountsDown ? [bound, v[0]] : [v[0], bound]
    file.add("LESS", first, [results[0]], in: 1)
    file.add("LESS", [v[1], bound], [results[1]], in: 1)
    let second = flaw == .conditionReadsItself ? results[2] : results[1]
    file.add("LOGICAL_AND", [results[0], second], [results[2]], in: 1)
    file.subgraphs[1].inputs = v
    file.subgraphs[1].outputs = [results[2]]
  }

  private static func body(
    _ file: inout TFLiteFixture, _ flaw: Flaw?, _ order: [Character], keepsAll: Bool,
    computesMore: Bool
  ) {
    let v = variables(&file, in: 2, rows: keepsAll ? steps : 1)
    func row(_ name: String) -> Int32 { file.tensor(name, [1, units], in: 2) }
    func gates(_ name: String) -> Int32 { file.tensor(name, [1, 4 * units], in: 2) }
    let one = file.integers("one", [], [flaw == .counterStepsByTwo ? 2 : 1], in: 2)
    let next = (0..<2).map { file.tensor("next\($0)", [], type: TFLiteFixture.int32, in: 2) }
    file.add("ADD", [v[0], one], [next[0]], options: (11, [:]), in: 2)
    file.add("ADD", [v[1], one], [next[1]], options: (11, [:]), in: 2)

    let w = file.floats("W", [4 * units, inputs], matrix(order, columns: inputs, step: 0.1), in: 2)
    let r = file.floats("R", [4 * units, units], matrix(order, columns: units, step: -0.07), in: 2)
    let b = file.floats("b", [4 * units], matrix(order, columns: 1, step: 0.2), in: 2)
    let xt = file.tensor("x[t]", [1, inputs], in: 2)
    let (p, q, s, a) = (gates("Rh"), gates("Wx"), gates("sum"), gates("a"))
    file.add("FULLY_CONNECTED", [v[3], r, -1], [p], options: (8, [:]), in: 2)
    file.add("GATHER", [v[5], v[1]], [xt], options: (23, [:]), in: 2)
    file.add("FULLY_CONNECTED", [xt, w, -1], [q], options: (8, [:]), in: 2)
    let fused: [Int: FlatValue] = flaw == .fusedActivation ? [0: .uint8(1)] : [:]
    let other = flaw == .sumReadsItself ? a : p
    file.add("ADD", [q, other], [s], options: (11, fused), in: 2)
    file.add("ADD", [s, flaw == .termAddedTwice ? s : b], [a], options: (11, [:]), in: 2)
    let axis = file.integers("axis", [], [1], in: 2)
    let quarters = order.map { row("a_\($0)") }
    file.add("SPLIT", [axis, a], quarters, options: (35, [0: .int32(4)]), in: 2)
    let gate = Dictionary(uniqueKeysWithValues: zip(order, quarters))

    let (i, f, o, g) = (row("i"), row("f"), row("o"), row("g"))
    let (fc, ig, c, tc, h) = (row("fc"), row("ig"), row("c'"), row("tanh c"), row("h'"))
    file.add("LOGISTIC", [gate["i"]!], [i], in: 2)
    file.add("LOGISTIC", [gate["f"]!], [f], in: 2)
    file.add(
      "MUL", [f, flaw == .forgetReadsNewCell ? v[3] : v[4]], [fc], options: (21, [:]), in: 2)
    file.add("LOGISTIC", [gate["o"]!], [o], in: 2)
    file.add(flaw == .candidateIsSigmoid ? "LOGISTIC" : "TANH", [gate["g"]!], [g], in: 2)
    file.add("MUL", [i, g], [ig], options: (21, [:]), in: 2)
    file.add("ADD", [fc, ig], [c], options: (11, [:]), in: 2)
    file.add("TANH", [c], [tc], in: 2)
    file.add("MUL", [o, tc], [h], options: (21, [:]), in: 2)
    if flaw == .loopsWithinItself {
      let inner = variables(&file, in: 2, rows: keepsAll ? steps : 1)
      file.add("WHILE", v, inner, options: (93, [0: .int32(1), 1: .int32(2)]), in: 2)
    }
    if computesMore { file.add("NEG", [h], [row("unused")], in: 2) }

    let kept = flaw == .listKeepsCell ? c : h
    let list = keepsAll ? write(kept, &file, v, next) : alone(kept, &file)
    file.subgraphs[2].inputs = v
    file.subgraphs[2].outputs = [next[0], next[1], list, h, c, v[5]]
  }

  /// Rows in the order of `order`; the values depend on gate and place alone, not on the order.
  private static func matrix(_ order: [Character], columns: Int32, step: Float) -> [Float] {
    order.flatMap { gate -> [Float] in
      let base = Float("ifgo".firstIndex(of: gate)!.utf16Offset(in: "ifgo"))
      return (0..<(units * columns)).map { (base - 1.5) * step + Float($0) * step / 3 }
    }
  }

  private static func alone(_ row: Int32, _ file: inout TFLiteFixture) -> Int32 {
    let shape = file.integers("row shape", [3], [1, 1, units], in: 2)
    let list = file.tensor("list'", [1, 1, units], in: 2)
    file.add("RESHAPE", [row, shape], [list], in: 2)
    return list
  }

  /// The list with row t replaced: what stands before, the row, what stands behind.
  private static func write(
    _ row: Int32, _ file: inout TFLiteFixture, _ v: [Int32], _ next: [Int32]
  ) -> Int32 {
    let single = file.integers("[1]", [1], [1], in: 2)
    func vector(_ counter: Int32, _ rest: [Int32]) -> Int32 {
      let scalar = file.tensor("t", [1], type: TFLiteFixture.int32, in: 2)
      let others = file.integers("rest", [2], rest, in: 2)
      let joined = file.tensor("[t, …]", [3], type: TFLiteFixture.int32, in: 2)
      file.add("RESHAPE", [counter, single], [scalar], in: 2)
      file.add("CONCATENATION", [scalar, others], [joined], options: (10, [:]), in: 2)
      return joined
    }
    let zeros = file.integers("zeros", [3], [0, 0, 0], in: 2)
    let ends = file.integers("ends", [3], [-1, -1, -1], in: 2)
    let before = file.tensor("before", [1, 1, units], in: 2)
    let behind = file.tensor("behind", [1, 1, units], in: 2)
    file.add("SLICE", [v[2], zeros, vector(v[1], [-1, -1])], [before], in: 2)
    file.add("SLICE", [v[2], vector(next[1], [0, 0]), ends], [behind], in: 2)
    let middle = alone(row, &file)
    let list = file.tensor("list''", [steps, 1, units], in: 2)
    file.add("CONCATENATION", [before, middle, behind], [list], options: (10, [:]), in: 2)
    return list
  }
}
