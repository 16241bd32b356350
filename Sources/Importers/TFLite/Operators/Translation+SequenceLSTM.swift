internal import ModelFormat

/// `UNIDIRECTIONAL_SEQUENCE_LSTM` and `BIDIRECTIONAL_SEQUENCE_LSTM`: 24 and 48 operands, most of them for variants that
/// Keras never makes.
extension Translation {
  mutating func sequenceLSTM(_ site: Site) throws(ImportError) {
    let options = site.op.options(.unidirectionalSequenceLSTM)
    try checkVariant(site, options)
    guard try !(options?.bool(5) ?? false) else {
      throw unsupported("its recurrent weights are diagonal", at: site)
    }
    let timeMajor = try options?.bool(3) ?? false
    let sequence = try sequence(of: site, timeMajor: timeMajor)
    let cell = try isQuantized(site) ? quantizedCell(site, options) : nil
    var places = LSTMOperands.only
    if timeMajor { places.suffix = "/lstm" }
    let y = try direction(places, LSTM(cell: cell), over: sequence, at: site)
    try bindSequence(y, timeMajor: timeMajor, at: site)
  }

  /// One layer for each direction, and their outputs side by side or apart.
  mutating func bidirectionalLSTM(_ site: Site) throws(ImportError) {
    let options = site.op.options(.bidirectionalSequenceLSTM)
    guard !isQuantized(site) else {
      throw unsupported(
        "it computes in int8", at: site, advice: "convert the model with float activations")
    }
    try checkVariant(site, options)
    for index in 39..<48 where try optionalValue(index, of: site) != nil {
      throw unsupported("it has an auxiliary input", at: site)
    }
    let timeMajor = try options?.integer(4, default: UInt8(1)) ?? 1 != 0
    let sequence = try sequence(of: site, timeMajor: timeMajor)
    let forward = try direction(.forward, LSTM(), over: sequence, at: site)
    let backward = try direction(.backward, LSTM(reversed: true), over: sequence, at: site)
    guard try options?.bool(3) ?? false else {
      try bindSequence(forward, timeMajor: timeMajor, at: site)
      return try bindSequence(backward, to: 1, timeMajor: timeMajor, at: site)
    }
    var shape = forward.shape
    shape[2] += backward.shape[2]
    let both = try emit(
      .concatenate(axis: 2), [forward.id, backward.id], shape: shape, at: site, suffix: "/both")
    try bindSequence((both, shape), timeMajor: timeMajor, at: site)
  }

  /// The layer's operand, batch first.
  private mutating func sequence(
    of site: Site, timeMajor: Bool
  ) throws(ImportError) -> (id: TensorID, shape: [Int]) {
    let (x, shape) = try operand(0, of: site, what: "its sequence")
    guard shape.count == 3 else {
      throw failure(at: site, .inconsistent("its sequence has shape \(shape)"))
    }
    return timeMajor ? try swapped(x, shape, at: site, suffix: "/batch-major") : (x, shape)
  }

  /// Makes the result, batch first, what the output stands for.
  private mutating func bindSequence(
    _ y: (id: TensorID, shape: [Int]), to position: Int = 0, timeMajor: Bool, at site: Site
  ) throws(ImportError) {
    guard timeMajor else { return try bind(.runtime(y.id, y.shape), to: position, at: site) }
    let (id, shape) = try swapped(y.id, y.shape, at: site, suffix: "")
    try bind(.runtime(id, shape), to: position, at: site)
  }

  /// Appends the layer that reads the sequence in one direction.
  private mutating func direction(
    _ places: LSTMOperands, _ lstm: LSTM, over sequence: (id: TensorID, shape: [Int]),
    at site: Site
  ) throws(ImportError) -> (id: TensorID, shape: [Int]) {
    try checkAbsent(places, site)
    // The file's order is input, forget, cell, output, which is the graph's i, f, g, o.
    let input = try gates(from: places.input, of: site, what: "input weights")
    let recurrent = try gates(from: places.recurrent, of: site, what: "recurrent weights")
    let units = input[0].shape[0]
    guard input.allSatisfy({ $0.shape == [units, sequence.shape[2]] }),
      recurrent.allSatisfy({ $0.shape == [units, units] })
    else {
      throw failure(
        at: site,
        .inconsistent(
          "its weights have shapes \(input.map(\.shape)) and \(recurrent.map(\.shape))"))
    }
    var biases: [Constant] = []
    for index in places.bias..<places.bias + 4 where try optionalValue(index, of: site) != nil {
      biases.append(try constant(index, of: site, what: "its bias"))
    }
    guard biases.isEmpty || biases.count == 4, biases.allSatisfy({ $0.shape == [units] }) else {
      throw failure(at: site, .inconsistent("its biases are not four of \(units)"))
    }
    for index in places.states { try checkZeroState(index, of: site) }

    let name = site.node.name + places.suffix
    let w = graph.add(try gateTensor(input, "\(name)/w", at: site))
    let r = graph.add(try gateTensor(recurrent, "\(name)/r", at: site))
    let b = biases.isEmpty ? nil : graph.add(try biasTensor(biases, "\(name)/b", at: site))
    let shape = [sequence.shape[0], sequence.shape[1], units]
    let y = try emit(
      .lstm(lstm), [sequence.id, w, r, b], shape: shape, at: site, suffix: places.suffix)
    return (y, shape)
  }

  /// The first two axes exchanged.
  mutating func swapped(
    _ x: TensorID, _ shape: [Int], at site: Site, suffix: String
  ) throws(ImportError) -> (TensorID, [Int]) {
    let result = [shape[1], shape[0], shape[2]]
    let operation: Operator =
      shape[0] == 1 || shape[1] == 1 ? .reshape : .transpose(permutation: [1, 0, 2])
    return (try emit(operation, [x], shape: result, at: site, suffix: suffix), result)
  }
}
