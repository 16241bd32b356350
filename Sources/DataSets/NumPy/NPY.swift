/// One array of a `.npy` file: its extents and its elements in C order.
public struct NPY: Equatable, Sendable {
  /// The elements by type; every other type of NumPy's is refused when reading.
  public enum Elements: Equatable, Sendable {
    case float32([Float])
    case float64([Double])
    case int8([Int8])
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case uint8([UInt8])
    case uint16([UInt16])
    case uint32([UInt32])
    case bool([Bool])
  }

  public let shape: [Int]
  public let elements: Elements

  /// There must be as many elements as `shape` says.
  public init(shape: [Int], _ elements: Elements) {
    precondition(
      shape.reduce(1, *) == elements.count, "\(elements.count) elements for shape \(shape)")
    self.shape = shape
    self.elements = elements
  }

  /// How many elements there are.
  public var count: Int { elements.count }

  /// The elements as single-precision numbers; `nil` for `bool`. Values beyond 2^24 lose digits.
  public var floats: [Float]? {
    switch elements {
    case .float32(let values): values
    case .float64(let values): values.map { Float($0) }
    case .int8(let values): values.map { Float($0) }
    case .int16(let values): values.map { Float($0) }
    case .int32(let values): values.map { Float($0) }
    case .int64(let values): values.map { Float($0) }
    case .uint8(let values): values.map { Float($0) }
    case .uint16(let values): values.map { Float($0) }
    case .uint32(let values): values.map { Float($0) }
    case .bool: nil
    }
  }

  /// The elements as whole numbers; `nil` for floats.
  public var integers: [Int]? {
    switch elements {
    case .float32, .float64: nil
    case .int8(let values): values.map { Int($0) }
    case .int16(let values): values.map { Int($0) }
    case .int32(let values): values.map { Int($0) }
    case .int64(let values): values.map { Int($0) }
    case .uint8(let values): values.map { Int($0) }
    case .uint16(let values): values.map { Int($0) }
    case .uint32(let values): values.map { Int($0) }
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }
}

extension NPY.Elements {
  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .int8(let values): values.count
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .uint8(let values): values.count
    case .uint16(let values): values.count
    case .uint32(let values): values.count
    case .bool(let values): values.count
    }
  }

  /// NumPy's name of the type, little-endian.
  public var typeDescription: String {
    switch self {
    case .float32: "<f4"
    case .float64: "<f8"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .bool: "|b1"
    }
  }
}
