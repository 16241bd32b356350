internal import ModelFormat

/// The operands of a fused LSTM as tensors of the graph.
extension Translation {
  func gates(
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
  func checkZeroState(_ index: Int, of site: Site) throws(ImportError) {
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
