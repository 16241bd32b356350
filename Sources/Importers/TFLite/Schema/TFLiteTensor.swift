/// The type of a tensor's elements, by its number in TensorFlow Lite's schema.
enum TFLiteElementType: UInt8, Sendable {
  case float32 = 0
  case float16 = 1
  case int32 = 2
  case uint8 = 3
  case int64 = 4
  case string = 5
  case bool = 6
  case int16 = 7
  case complex64 = 8
  case int8 = 9
  case float64 = 10
  case complex128 = 11
  case uint64 = 12
  case resource = 13
  case variant = 14
  case uint32 = 15
  case uint16 = 16
  case int4 = 17
  case bfloat16 = 18
  case int2 = 19
  case uint4 = 20

  /// Bytes that one element takes; `nil` where elements are packed or have no fixed size.
  var size: Int? {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .int16, .uint16, .bfloat16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64, .complex64: 8
    case .complex128: 16
    case .string, .resource, .variant, .int4, .int2, .uint4: nil
    }
  }

  /// Whether it holds bytes that stand for reals through a scale and a zero point.
  var isQuantizedByte: Bool { self == .int8 || self == .uint8 }
}

/// An entry of a subgraph's tensor table.
struct TFLiteTensor: Sendable {
  var name: String
  /// As stored; an extent that is only known at run time stands as 1 here and as -1 in `signature`.
  var shape: [Int]
  var signature: [Int]
  var type: TFLiteElementType
  /// Bytes of the file that hold the elements; `nil` for a value computed at run time.
  var data: Range<Int>?
  var isVariable: Bool
  var isSparse: Bool
  var quantization: TFLiteQuantization?

  /// `shape` with -1 where the extent is free.
  var declaredShape: [Int] { signature.count == shape.count ? signature : shape }
}

/// `real = scale · (q - zeroPoint)`, one pair or one for each index along `axis`.
struct TFLiteQuantization: Sendable {
  var scales: [Float]
  var zeroPoints: [Int64]
  var axis: Int
}
