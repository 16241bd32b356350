extension Tensor {
  /// Bytes that the elements take, stored densely; `nil` when that is beyond `Int32` or the shape is not valid.
  public var byteCount: Int? {
    guard let count = shape.elementCount else { return nil }
    if type == .int4 {
      guard let run = shape.dimensions.last, run > 0 else { return nil }
      let blocks = Int32(count / run).multipliedReportingOverflow(
        by: Int32(Int4Blocks.count(for: run)))
      let bytes = blocks.partialValue.multipliedReportingOverflow(by: Int32(Int4Blocks.bytes))
      return blocks.overflow || bytes.overflow ? nil : Int(bytes.partialValue)
    }
    let (bytes, overflow) = Int32(count).multipliedReportingOverflow(by: Int32(type.size))
    return overflow ? nil : Int(bytes)
  }
}

extension Graph {
  func validateTensor(_ index: Int) throws(GraphError) {
    let tensor = tensors[index]
    let place = place(of: TensorID(index))
    guard tensor.name.utf8.count <= Graph.maximumNameBytes else {
      throw GraphError(.tensor(index: index, name: ""), "has a name that is too long")
    }
    guard tensor.shape.rank <= Graph.maximumRank else {
      throw GraphError(
        place, "has \(tensor.shape.rank) axes; at most \(Graph.maximumRank) are supported")
    }
    for extent in tensor.shape.dimensions {
      guard (1...Graph.maximumExtent).contains(extent) else {
        throw GraphError(place, "has an extent of \(extent); 1...\(Graph.maximumExtent) is allowed")
      }
    }
    guard let byteCount = tensor.byteCount else {
      throw GraphError(place, "with shape \(tensor.shape.description) is larger than 2 GiB")
    }
    if let data = tensor.data, data.count != byteCount {
      throw GraphError(
        place,
        "has \(data.count) bytes of data; shape \(tensor.shape.description) takes \(byteCount)")
    }
    if tensor.data == nil, tensor.type == .float16 || tensor.type == .int4 {
      throw GraphError(
        place, "is \(tensor.type.name) and no constant; values at run time are float32 or int8")
    }
    if let quantization = tensor.quantization {
      if let reason = quantization.fault(for: tensor) { throw GraphError(place, reason) }
    }
  }
}

extension Quantization {
  /// What is wrong with the quantization of `tensor`; `nil` when nothing is.
  func fault(for tensor: Tensor) -> String? {
    let lowest: Int32
    let highest: Int32
    switch tensor.type {
    case .int8: (lowest, highest) = (-128, 127)
    case .int16: (lowest, highest) = (-32768, 32767)
    case .int32: (lowest, highest) = (.min, .max)
    case .float32, .float16: return "is quantized, yet its elements are floats"
    case .int4: return "is quantized, yet its blocks have their own scales"
    }
    guard scales.count == zeroPoints.count else {
      return "has \(scales.count) scales and \(zeroPoints.count) zero points"
    }
    if let axis {
      guard tensor.shape.dimensions.indices.contains(axis) else {
        return "is quantized along axis \(axis), which it does not have"
      }
      guard scales.count == tensor.shape[axis] else {
        return "has \(scales.count) scales along an axis of \(tensor.shape[axis])"
      }
    } else if scales.count != 1 {
      return "has \(scales.count) scales and no axis that they belong to"
    }
    for scale in scales {
      guard scale.isFinite, scale > 0 else { return "has a scale that is not positive" }
    }
    for zeroPoint in zeroPoints {
      guard zeroPoint >= lowest, zeroPoint <= highest else {
        return "has a zero point beyond its type"
      }
    }
    return nil
  }
}

extension Shape: CustomStringConvertible {
  /// Such as `[1, 64, 6]`.
  public var description: String {
    var text = "["
    for (index, extent) in dimensions.enumerated() {
      if index > 0 { text += ", " }
      text += extent.description
    }
    return text + "]"
  }
}

extension ElementType {
  /// As it is written in tables and messages.
  public var name: String {
    switch self {
    case .float32: "float32"
    case .float16: "float16"
    case .int4: "int4"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    }
  }
}
