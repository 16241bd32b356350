internal import ModelFormat

/// A constant of the file, or one folded from others: row-major, little-endian.
struct Constant {
  var name: String
  var shape: [Int]
  var type: TFLiteElementType
  var bytes: [UInt8]
  var quantization: TFLiteQuantization?

  /// Bytes of an element; only types of fixed size become constants.
  var elementSize: Int { type.size ?? 1 }
  var count: Int { shape.reduce(1, *) }

  init(
    name: String, shape: [Int], type: TFLiteElementType, bytes: [UInt8],
    quantization: TFLiteQuantization? = nil
  ) {
    self.name = name
    self.shape = shape
    self.type = type
    self.bytes = bytes
    self.quantization = quantization
  }

  init(name: String, shape: [Int], integers: [Int]) {
    self.init(
      name: name, shape: shape, type: .int32,
      bytes: integers.flatMap { Int32(truncatingIfNeeded: $0).littleEndianBytes })
  }

  /// The elements, where they are integers that fit an `Int32`.
  var integers: [Int]? {
    switch type {
    case .int32:
      return (0..<count).map { Int(Int32(littleEndian: bytes, at: 4 * $0)) }
    case .int64:
      let wide = (0..<count).map { Int64(littleEndian: bytes, at: 8 * $0) }
      guard wide.allSatisfy({ Int32(exactly: $0) != nil }) else { return nil }
      return wide.map { Int($0) }
    default: return nil
    }
  }

  /// The elements as float32: widened, or dequantized; `nil` for types that hold no reals.
  var floats: [Float]? {
    switch type {
    case .float32:
      return (0..<count).map { Float(bitPattern: UInt32(littleEndian: bytes, at: 4 * $0)) }
    case .float16:
      return (0..<count).map { Binary16.number(UInt16(littleEndian: bytes, at: 2 * $0)) }
    case .int8: return dequantized
    case .bool: return bytes.map { $0 == 0 ? 0 : 1 }
    default: return nil
    }
  }

  private var dequantized: [Float]? {
    guard let quantization else { return nil }
    let scales = quantization.scales
    let points = quantization.zeroPoints
    let zeroPoints = points.isEmpty ? Array(repeating: 0, count: scales.count) : points
    guard scales.count == zeroPoints.count else { return nil }
    var inner = count
    if scales.count > 1 {
      let axis = quantization.axis
      guard shape.indices.contains(axis), shape[axis] == scales.count else { return nil }
      inner = shape[(axis + 1)...].reduce(1, *)
    }
    return (0..<count).map { index in
      let channel = scales.count == 1 ? 0 : index / inner % scales.count
      let level = Float(Int8(bitPattern: bytes[index])) - Float(zeroPoints[channel])
      return scales[channel] * level
    }
  }
}

extension FixedWidthInteger {
  var littleEndianBytes: [UInt8] {
    (0..<(Self.bitWidth / 8)).map { UInt8(truncatingIfNeeded: self >> Self(8 * $0)) }
  }

  init(littleEndian bytes: [UInt8], at offset: Int) {
    self = 0
    for index in 0..<(Self.bitWidth / 8) {
      self |= Self(truncatingIfNeeded: bytes[offset + index]) << Self(8 * index)
    }
  }
}
