internal import ModelFormat

/// Where the operands of one direction of a fused LSTM stand in the operator's list.
struct LSTMOperands {
  /// The first of four matrices; likewise for the recurrent weights and the biases.
  var input: Int
  var recurrent: Int
  var bias: Int
  /// The hidden state and the cell state.
  var states: [Int]
  /// Operands of variants that the graph's LSTM does not compute, by what they are.
  var refused: [(ClosedRange<Int>, String)]
  var suffix: String

  static let only = LSTMOperands(
    first: 1, states: [18, 19], more: [(20...23, "layer normalization inside the cell")],
    suffix: "")
  static let forward = LSTMOperands(first: 1, states: [35, 36], suffix: "/forward")
  static let backward = LSTMOperands(first: 18, states: [37, 38], suffix: "/backward")

  private init(
    first: Int, states: [Int], more: [(ClosedRange<Int>, String)] = [], suffix: String
  ) {
    (input, recurrent, bias) = (first, first + 4, first + 11)
    (self.states, self.suffix) = (states, suffix)
    let (peephole, projection) = (first + 8, first + 15)
    refused =
      [
        (peephole...peephole + 2, "peephole weights"), (projection...projection, "a projection"),
        (projection + 1...projection + 1, "a projection bias"),
      ] + more
  }
}

/// Refusals, by name, of every variant that the graph's LSTM does not compute.
extension Translation {
  func checkAbsent(_ places: LSTMOperands, _ site: Site) throws(ImportError) {
    for (indices, what) in places.refused {
      for index in indices where try optionalValue(index, of: site) != nil {
        throw unsupported("it has \(what)", at: site)
      }
    }
    for index in [places.input, places.recurrent] where try optionalValue(index, of: site) == nil {
      throw unsupported("it has no input gate of its own (coupled gates, CIFG)", at: site)
    }
  }

  /// The options that both kinds of fused LSTM have; the clip of the cell state is option 1.
  func checkVariant(
    _ site: Site, _ options: FlatTable?
  ) throws(ImportError) {
    guard try options?.integer(0, default: Int8(0)) ?? 4 == 4 else {
      throw unsupported("its activation is not tanh", at: site)
    }
    // TensorFlow's converter writes a cell clip of 10 into every LSTM that comes from Keras, whose
    // LSTM clips nothing: the number stands for the converter's habit, and the source is followed.
    let clip = try options?.float(1, default: 0) ?? 0
    guard clip == 0 || clip == 10 else {
      throw unsupported("it clips its cell state at \(clip)", at: site)
    }
    guard try options?.float(2, default: 0) ?? 0 == 0 else {
      throw unsupported("it clips its projection", at: site)
    }
  }
}
