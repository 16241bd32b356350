internal import ModelFormat

/// What `UNIDIRECTIONAL_SEQUENCE_LSTM` has beside its operands when all is int8 (TFLite's 8x8->16).
extension Translation {
  /// Reads the scale of the int16 cell state, and checks that what the layer passes on within is scaled like its output.
  func quantizedCell(_ site: Site, _ options: FlatTable?) throws(ImportError) -> QuantizedCell {
    let output = try declaredContent(at: site)
    let hidden = try stateTensor(18, of: site)
    guard try content(of: hidden, what: "its hidden state", at: site) == output else {
      throw unsupported("its hidden state is quantized otherwise than its output", at: site)
    }
    // Without layer normalization only the last intermediate counts: the hidden value before a projection.
    guard site.op.intermediates.count == 5, let last = site.op.intermediates.last,
      try content(of: subgraph.tensors[last], what: "its hidden value", at: site) == output
    else { throw unsupported("its hidden value is quantized otherwise than its output", at: site) }
    let state = try stateTensor(19, of: site)
    guard state.type == .int16, let quantization = state.quantization,
      quantization.scales.count == 1, quantization.zeroPoints.allSatisfy({ $0 == 0 })
    else {
      throw unsupported("its cell state '\(state.name)' is no int16 with one scale", at: site)
    }
    let scale = quantization.scales[0]
    guard scale.isFinite, scale > 0, scale.significand == 1,
      QuantizedCell.exponents.contains(Int(scale.exponent))
    else {
      throw unsupported(
        "its cell state has the scale \(scale), which is no power of two from 2^-15 to 2^-9",
        at: site)
    }
    let clip = try options?.float(1, default: 0) ?? 0
    return QuantizedCell(
      exponent: Int(scale.exponent), clip: clip > 0 ? Int(min(clip / scale, 32767)) : 0)
  }

  private func stateTensor(_ index: Int, of site: Site) throws(ImportError) -> TFLiteTensor {
    guard site.op.inputs.indices.contains(index), let number = site.op.inputs[index] else {
      throw failure(at: site, .inconsistent("its state (input \(index)) is missing"))
    }
    return subgraph.tensors[number]
  }

  /// The four biases behind one another: int32 where the layer is quantized, else float32.
  func biasTensor(
    _ biases: [Constant], _ name: String, at site: Site
  ) throws(ImportError) -> Tensor {
    guard isQuantized(site) else {
      let joined = Constant.concatenated(
        try biases.map { bias throws(ImportError) in try floatConstant(bias, at: site) }, axis: 0)
      return Tensor(
        name: name, shape: Shape(joined.shape), type: .float32, data: joined.bytes)
    }
    for bias in biases where bias.type != .int32 {
      throw unsupported("its bias '\(bias.name)' is \(bias.type)", at: site)
    }
    let joined = Constant.concatenated(biases, axis: 0)
    return Tensor(name: name, shape: Shape(joined.shape), type: .int32, data: joined.bytes)
  }
}
