internal import ModelFormat

/// `WHILE` loops, as Keras 3 exports its recurrent layers.
extension Translation {
  mutating func loop(_ site: Site) throws(ImportError) {
    let options = site.op.options(.whileLoop)
    let condition = try loopSubgraph(options, field: 0, what: "condition", at: site)
    let body = try loopSubgraph(options, field: 1, what: "body", at: site)
    guard body.inputs.count == site.op.inputs.count, body.outputs.count == site.op.outputs.count,
      condition.inputs.count == body.inputs.count
    else { throw failure(at: site, .inconsistent("its variables do not match its subgraphs'")) }
    let step: LSTMStep
    do {
      step = try LSTMStep(matching: body) { integers(of: $0) }
    } catch {
      throw unsupported(
        "its body, subgraph \(body.index), is not an LSTM step: \(error.reason)", at: site,
        advice: "LSTM layers without masks, dropout or an initial state are recognised")
    }
    let trips = try self.trips(of: condition, counters: step.counters, at: site)
    try translate(step, of: body, trips: trips, at: site)
  }

  private func loopSubgraph(
    _ options: FlatTable?, field: Int, what: String, at site: Site
  ) throws(ImportError) -> TFLiteSubgraph {
    let index = Int(try options?.integer(field, default: Int32(0)) ?? 0)
    guard index > 0, index < model.subgraphs.count else {
      throw failure(at: site, .inconsistent("its \(what) is subgraph \(index), which is not there"))
    }
    return model.subgraphs[index]
  }

  private func integers(of tensor: TFLiteTensor) -> [Int]? {
    (try? load(tensor, at: nil))?.integers
  }

  /// How often the loop runs: its condition must be `counter < n`, or several of these joined by and.
  private func trips(
    of condition: TFLiteSubgraph, counters: Set<Int>, at site: Site
  ) throws(ImportError) -> Int {
    var reading: LoopBody
    do {
      reading = try LoopBody(condition)
    } catch {
      throw unsupported("its condition, subgraph \(condition.index): \(error.reason)", at: site)
    }
    var seen: Set<Int> = []
    var pending = condition.outputs
    var trips: [Int] = []
    while let tensor = pending.popLast() {
      if !seen.insert(tensor).inserted { continue }
      if let both = reading.operation("LOGICAL_AND", behind: tensor) {
        pending += both.inputs
      } else if let less = reading.operation("LESS", behind: tensor), less.inputs.count == 2,
        let position = condition.inputs.firstIndex(of: less.inputs[0]), counters.contains(position),
        reading.isConstant(less.inputs[1]),
        let bound = integers(of: condition.tensors[less.inputs[1]]), bound.count == 1
      {
        trips.append(bound[0])
      } else {
        throw unsupported(
          "its condition, subgraph \(condition.index), does not count up to a fixed number",
          at: site)
      }
    }
    guard condition.outputs.count == 1, reading.notUnderstood == nil, let least = trips.min() else {
      throw unsupported("its condition, subgraph \(condition.index), is not a count", at: site)
    }
    return least
  }

  private mutating func translate(
    _ step: LSTMStep, of body: TFLiteSubgraph, trips: Int, at site: Site
  ) throws(ImportError) {
    for counter in step.counters {
      guard try constant(counter, of: site, what: "a counter").integers == [0] else {
        throw unsupported("its counters do not start from 0", at: site)
      }
    }
    for state in [step.hidden, step.cell] {
      guard case .constant(let start) = try value(state, of: site, what: "its initial state"),
        let floats = start.floats, floats.allSatisfy({ $0 == 0 })
      else { throw unsupported("its initial state is not zero", at: site) }
    }
    let (x, shape) = try operand(step.sequence, of: site, what: "its sequence")
    guard shape.count == 3, shape[0] == trips, shape[1] == 1 else {
      throw unsupported(
        "it runs \(trips) times over a sequence of shape \(shape)", at: site,
        advice: "export with a batch of 1")
    }
    let list = try value(step.list, of: site, what: "its list").shape
    let (w, r, b, units) = try weights(of: step, in: body, depth: shape[2], at: site)
    guard list == [step.keepsAll ? trips : 1, 1, units] else {
      throw failure(at: site, .inconsistent("its list has shape \(list)"))
    }
    let (sequence, _) = try swapped(x, shape, at: site, suffix: "/batch-major")
    let h = try emit(
      .lstm(LSTM()), [sequence, w, r, b], shape: [1, trips, units], at: site, suffix: "/lstm")
    let last = try emit(
      .slice(begin: [0, trips - 1, 0], strides: [1, 1, 1]), [h], shape: [1, 1, units], at: site,
      suffix: "/last")
    for position in site.op.outputs.indices {
      switch position {
      case step.hidden:
        let state = try emit(.reshape, [last], shape: [1, units], at: site, suffix: "/state")
        try bind(.runtime(state, [1, units]), to: position, at: site)
      case step.cell:
        try bind(
          .unavailable("the final cell state of a loop", [1, units]), to: position, at: site)
      case step.list where step.keepsAll:
        let (all, result) = try swapped(h, [1, trips, units], at: site, suffix: "/time-major")
        try bind(.runtime(all, result), to: position, at: site)
      case step.list: try bind(.runtime(last, [1, 1, units]), to: position, at: site)
      case step.sequence: try bind(.runtime(x, shape), to: position, at: site)
      default:
        let count = Constant(name: "count", shape: [], integers: [trips])
        try bind(.constant(count), to: position, at: site)
      }
    }
  }

  private mutating func weights(
    of step: LSTMStep, in body: TFLiteSubgraph, depth: Int, at site: Site
  ) throws(ImportError) -> (w: TensorID, r: TensorID, b: TensorID?, units: Int) {
    let input = try load(body.tensors[step.inputWeights], at: site)
    let recurrent = try load(body.tensors[step.recurrentWeights], at: site)
    let units = recurrent.shape.last ?? 0
    guard units > 0, input.shape == [4 * units, depth], recurrent.shape == [4 * units, units] else {
      throw failure(
        at: site,
        .inconsistent("its weights have shapes \(input.shape) and \(recurrent.shape)"))
    }
    func gates(_ constant: Constant, _ name: String) throws(ImportError) -> TensorID {
      let parts = step.gateOrder.map { constant.rows($0 * units, count: units) }
      return graph.add(try gateTensor(parts, "\(site.node.name)/\(name)", at: site))
    }
    var sum: [Float]?
    for number in step.biases {
      let bias = try load(body.tensors[number], at: site)
      guard let floats = bias.floats, floats.count == 4 * units else {
        throw failure(at: site, .inconsistent("a bias of it has shape \(bias.shape)"))
      }
      sum = sum.map { zip($0, floats).map(+) } ?? floats
    }
    var b: TensorID?
    if let sum {
      let ordered = step.gateOrder.flatMap { sum[($0 * units)..<(($0 + 1) * units)] }
      b = graph.add(
        Tensor(
          name: "\(site.node.name)/b", shape: [4 * units], type: .float32, data: ordered.bytes))
    }
    return (try gates(input, "w"), try gates(recurrent, "r"), b, units)
  }
}

extension Constant {
  /// Rows of a matrix, with the scales that belong to them.
  fileprivate func rows(_ first: Int, count: Int) -> Constant {
    var part = sliced(begin: [first, 0], strides: [1, 1], counts: [count, shape[1]])
    if var quantization {
      if quantization.scales.count == shape[0], quantization.axis == 0 {
        quantization.scales = Array(quantization.scales[first..<(first + count)])
        if quantization.zeroPoints.count == shape[0] {
          quantization.zeroPoints = Array(quantization.zeroPoints[first..<(first + count)])
        }
      }
      part.quantization = quantization
    }
    return part
  }
}
