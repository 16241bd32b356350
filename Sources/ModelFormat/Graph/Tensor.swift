/// A dense, row-major, little-endian array: a constant when it has `data`, else a value computed at run time.
public struct Tensor: Equatable, Sendable {
  public var name: String
  public var shape: Shape
  public var type: ElementType
  public var quantization: Quantization?
  /// The elements, row-major and little-endian; `nil` for a value computed at run time.
  public var data: [UInt8]?

  public init(
    name: String, shape: Shape, type: ElementType, quantization: Quantization? = nil,
    data: [UInt8]? = nil
  ) {
    self.name = name
    self.shape = shape
    self.type = type
    self.quantization = quantization
    self.data = data
  }

  public var isConstant: Bool { data != nil }
}

/// The type of a tensor's elements. Raw values are part of the file format.
public enum ElementType: UInt8, Sendable, CaseIterable {
  case float32 = 0
  case float16 = 1
  case int8 = 2
  case int16 = 3
  case int32 = 4
  /// Four bits in blocks with a scale each (``Int4Blocks``); weights of dense and recurrent layers alone.
  case int4 = 5

  /// Bytes that one element takes by itself; see ``Tensor/byteCount`` for what a tensor takes.
  public var size: Int {
    switch self {
    case .int4, .int8: 1
    case .float16, .int16: 2
    case .float32, .int32: 4
    }
  }
}

/// The extents of a tensor, outermost first. An empty list is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
  public var dimensions: [Int]

  public init(_ dimensions: [Int]) { self.dimensions = dimensions }
  public init(arrayLiteral elements: Int...) { dimensions = elements }

  public var rank: Int { dimensions.count }

  /// The product of the extents; `nil` when it overflows `Int32` or an extent is negative.
  public var elementCount: Int? {
    var product: Int32 = 1
    for extent in dimensions {
      guard let extent = Int32(exactly: extent), extent >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return Int(product)
  }

  public subscript(axis: Int) -> Int {
    get { dimensions[axis] }
    set { dimensions[axis] = newValue }
  }
}

/// Affine quantization: `real = scale * (q - zeroPoint)`, as the TFLite int8 specification defines it.
public struct Quantization: Equatable, Sendable {
  /// One scale for the whole tensor, or one for each index along `axis`.
  public var scales: [Float]
  /// As many as there are scales.
  public var zeroPoints: [Int32]
  /// The axis that the scales belong to; `nil` for one scale.
  public var axis: Int?

  public init(scales: [Float], zeroPoints: [Int32], axis: Int? = nil) {
    self.scales = scales
    self.zeroPoints = zeroPoints
    self.axis = axis
  }
}
