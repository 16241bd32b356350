internal import ModelFormat

/// `UNIDIRECTIONAL_SEQUENCE_LSTM`: 24 operands, most of them for variants that Keras never makes.
extension Translation {
  mutating func sequenceLSTM(_ site: Site) throws(ImportError) {
    let options = site.op.options(.unidirectionalSequenceLSTM)
    try checkVariant(site, options)
    let timeMajor = try options?.bool(3) ?? false
    let (x, shape) = try operand(0, of: site, what: "its sequence")
    guard shape.count == 3 else {
      throw failure(at: site, .inconsistent("its sequence has shape \(shape)"))
    }
    // The file's order is input, forget, cell, output, which is the graph's i, f, g, o.
    let input = try gates(from: 1, of: site, what: "input weights")
    let recurrent = try gates(from: 5, of: site, what: "recurrent weights")
    let units = input[0].shape[0]
    guard input.allSatisfy({ $0.shape == [units, shape[2]] }),
      recurrent.allSatisfy({ $0.shape == [units, units] })
    else {
      throw failure(
        at: site,
        .inconsistent(
          "its weights have shapes \(input.map(\.shape)) and \(recurrent.map(\.shape))"))
    }
    var biases: [Constant] = []
    for index in 12..<16 where try optionalValue(index, of: site) != nil {
      biases.append(try constant(index, of: site, what: "its bias"))
    }
    guard biases.isEmpty || biases.count == 4, biases.allSatisfy({ $0.shape == [units] }) else {
      throw failure(at: site, .inconsistent("its biases are not four of \(units)"))
    }
    for index in 18..<20 { try checkZeroState(index, of: site) }

    let w = graph.add(try gateTensor(input, "\(site.node.name)/w", at: site))
    let r = graph.add(try gateTensor(recurrent, "\(site.node.name)/r", at: site))
    let b =
      biases.isEmpty
      ? nil : graph.add(try biasTensor(biases, "\(site.node.name)/b", at: site))
    let cell = try isQuantized(site) ? quantizedCell(site, options) : nil
    let batchMajor =
      timeMajor ? try swapped(x, shape, at: site, suffix: "/batch-major") : (x, shape)
    let result = [batchMajor.1[0], batchMajor.1[1], units]
    let h = try emit(
      .lstm(LSTM(cell: cell)), [batchMajor.0, w, r, b], shape: result, at: site,
      suffix: timeMajor ? "/lstm" : "")
    guard timeMajor else { return try bind(.runtime(h, result), at: site) }
    let (id, final) = try swapped(h, result, at: site, suffix: "")
    try bind(.runtime(id, final), at: site)
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

  /// Refuses, by name, every variant that the graph's LSTM does not compute.
  private func checkVariant(_ site: Site, _ options: FlatTable?) throws(ImportError) {
    let absent: [(ClosedRange<Int>, String)] = [
      (9...11, "peephole weights"), (16...16, "a projection"), (17...17, "a projection bias"),
      (20...23, "layer normalization inside the cell"),
    ]
    for (indices, what) in absent {
      for index in indices where try optionalValue(index, of: site) != nil {
        throw unsupported("it has \(what)", at: site)
      }
    }
    let inputGate = [try optionalValue(1, of: site), try optionalValue(5, of: site)]
    if inputGate.contains(where: { $0 == nil }) {
      throw unsupported("it has no input gate of its own (coupled gates, CIFG)", at: site)
    }
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
    guard try !(options?.bool(5) ?? false) else {
      throw unsupported("its recurrent weights are diagonal", at: site)
    }
  }

  private func gates(
    from first: Int, of site: Site, what: String
  ) throws(ImportError) -> [Constant] {
    var gates: [Constant] = []
    for index in first..<(first + 4) {
      let gate = try constant(index, of: site, what: what)
      guard gate.shape.count == 2 else {
        throw failure(at: site, .inconsistent("its \(what) have shape \(gate.shape)"))
      }
      gates.append(gate)
    }
    return gates
  }

  /// State tensors are variables without content, or zeros.
  private func checkZeroState(_ index: Int, of site: Site) throws(ImportError) {
    guard site.op.inputs.indices.contains(index), let number = site.op.inputs[index] else {
      return
    }
    if values[number] == nil, subgraph.tensors[number].data == nil,
      subgraph.tensors[number].isVariable
    {
      return
    }
    guard case .constant(let state) = try value(index, of: site, what: "its initial state"),
      let floats = state.floats, floats.allSatisfy({ $0 == 0 })
    else { throw unsupported("its initial state is not zero", at: site) }
  }

  /// Four gate matrices stacked in the graph's order, as weights.
  func gateTensor(
    _ gates: [Constant], _ name: String, at site: Site
  ) throws(ImportError) -> Tensor {
    var parts = gates
    if !gates.allSatisfy({ $0.type == gates[0].type }) {
      // The converter leaves gates below a size limit in float: make all alike without loss.
      parts = try gates.map { gate throws(ImportError) in try floatConstant(gate, at: site) }
    }
    var scales: [Float] = []
    for part in parts {
      let tensor = try weightTensor(part, channelAxis: 0, at: site)
      scales += tensor.quantization?.scales ?? []
    }
    var joined = Constant.concatenated(parts, axis: 0)
    joined.name = name
    if joined.type == .int8 {
      joined.quantization = TFLiteQuantization(
        scales: scales, zeroPoints: Array(repeating: 0, count: scales.count), axis: 0)
    }
    return try weightTensor(joined, channelAxis: 0, at: site)
  }

  func floatConstant(_ constant: Constant, at site: Site) throws(ImportError) -> Constant {
    let tensor = try floatTensor(constant, at: site)
    return Constant(
      name: constant.name, shape: constant.shape, type: .float32, bytes: tensor.data ?? [])
  }
}
