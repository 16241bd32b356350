internal import ModelFormat

/// Reading operands, with every refusal that can come of it.
extension Translation {
  func failure(_ problem: ImportProblem) -> ImportError {
    ImportError(file: file, problem: problem)
  }

  func failure(at site: Site?, _ problem: ImportProblem) -> ImportError {
    ImportError(file: file, node: site?.node, problem: problem)
  }

  func unsupported(
    _ what: String, at site: Site?,
    advice: String = "rebuild the model without it, or convert it with other options"
  ) -> ImportError {
    failure(at: site, .unsupported(what, advice: advice))
  }

  /// The tensor's shape with a free batch fixed to 1.
  func fixed(_ tensor: TFLiteTensor, what: String) throws(ImportError) -> [Int] {
    var shape = tensor.declaredShape
    if let batch = shape.first, batch < 0 { shape[0] = 1 }
    guard !shape.contains(0) else {
      throw failure(.inconsistent("\(what) of shape \(shape) has no elements"))
    }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw unsupported(
        "\(what) has shape \(shape)", at: nil,
        advice: "only the batch may be free; export the model with fixed extents")
    }
    guard let count = Shape(shape).elementCount, count <= 1 << 26 else {
      throw unsupported(
        "\(what) of shape \(shape) is larger than a device's memory", at: nil,
        advice: "export the model with smaller extents")
    }
    return shape
  }

  func value(_ index: Int, of site: Site, what: String) throws(ImportError) -> Value {
    guard let value = try optionalValue(index, of: site) else {
      throw failure(at: site, .inconsistent("\(what) (input \(index)) is missing"))
    }
    return value
  }

  func optionalValue(_ index: Int, of site: Site) throws(ImportError) -> Value? {
    guard site.op.inputs.indices.contains(index), let number = site.op.inputs[index] else {
      return nil
    }
    if let value = values[number] {
      if case .unavailable(let what, _) = value {
        throw unsupported("it reads \(what), which is not kept", at: site)
      }
      return value
    }
    let tensor = subgraph.tensors[number]
    guard tensor.data != nil || tensor.shape.contains(0) else {
      throw failure(
        at: site,
        .inconsistent("input \(index) ('\(tensor.name)') has no value when it is needed"))
    }
    return .constant(try load(tensor, at: site))
  }

  /// Reads a constant's bytes out of the file.
  func load(_ tensor: TFLiteTensor, at site: Site?) throws(ImportError) -> Constant {
    guard !tensor.isSparse else {
      throw unsupported("'\(tensor.name)' is stored sparse", at: site)
    }
    guard let size = tensor.type.size else {
      throw unsupported("'\(tensor.name)' has elements of type \(tensor.type)", at: site)
    }
    let range = tensor.data ?? 0..<0
    guard tensor.shape.allSatisfy({ $0 >= 0 }), let count = Shape(tensor.shape).elementCount,
      count * size == range.count
    else {
      throw failure(
        at: site,
        .inconsistent(
          "'\(tensor.name)' has \(range.count) bytes for shape \(tensor.shape) of \(tensor.type)"))
    }
    return Constant(
      name: tensor.name, shape: tensor.shape, type: tensor.type,
      bytes: Array(model.buffer.bytes[range]), quantization: tensor.quantization)
  }

  func constant(_ index: Int, of site: Site, what: String) throws(ImportError) -> Constant {
    guard case .constant(let constant) = try value(index, of: site, what: what) else {
      throw unsupported("\(what) (input \(index)) is computed at run time", at: site)
    }
    return constant
  }

  func integers(_ index: Int, of site: Site, what: String) throws(ImportError) -> [Int] {
    let constant = try constant(index, of: site, what: what)
    guard let integers = constant.integers else {
      throw failure(
        at: site, .inconsistent("\(what) (input \(index)) is \(constant.type), not integer"))
    }
    return integers
  }

  /// An operand in the graph. A constant is added when it is first used: as float32, or as it is where the
  /// operator is quantized.
  mutating func operand(
    _ index: Int, of site: Site, what: String
  ) throws(ImportError) -> (id: TensorID, shape: [Int]) {
    switch try value(index, of: site, what: what) {
    case .runtime(let id, let shape): return (id, shape)
    case .unavailable(let what, _): throw unsupported("it reads \(what)", at: site)
    case .constant(let constant):
      let number = site.op.inputs[index]
      if let number, let id = operands[number] { return (id, constant.shape) }
      let isQuantized = constant.type.isQuantizedByte && isQuantized(site)
      let id = graph.add(
        try isQuantized
          ? quantizedTensor(constant, at: site) : floatTensor(constant, at: site))
      if let number { operands[number] = id }
      return (id, constant.shape)
    }
  }

  func floatTensor(_ constant: Constant, at site: Site) throws(ImportError) -> Tensor {
    guard let floats = constant.floats else {
      throw unsupported("'\(constant.name)' is a constant of type \(constant.type)", at: site)
    }
    return Tensor(
      name: constant.name, shape: Shape(constant.shape), type: .float32,
      data: floats.littleEndianBytes)
  }

  /// A bias of `count` elements, as float32, or as int32 where the operator is quantized; `nil` when it is left out.
  mutating func bias(
    _ index: Int, of site: Site, count: Int
  ) throws(ImportError) -> TensorID? {
    guard let value = try optionalValue(index, of: site) else { return nil }
    guard case .constant(let constant) = value else {
      throw unsupported("its bias is computed at run time", at: site)
    }
    guard value.shape.reduce(1, *) == count, value.shape.count <= 1 else {
      throw failure(
        at: site, .inconsistent("its bias has shape \(value.shape) for \(count) channels"))
    }
    if isQuantized(site) { return try integerBias(index, constant, of: site) }
    return try operand(index, of: site, what: "its bias").id
  }
}
