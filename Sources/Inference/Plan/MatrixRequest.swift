internal import ModelFormat

/// A matrix of weights as a node asks for it: `n` output channels of `segments` runs of `k` values,
/// packed in panels.
struct MatrixRequest: Equatable {
  var weights: TensorID
  var bias: TensorID?
  var n: Int
  var k: Int
  /// Runs of `k` contiguous values that each row of the other operand is read in.
  var segments = 1
  /// Where the rows are only some taps of the weights' [channel][tap][value]; `nil` for all as they lie.
  var taps: TapOrder?
  /// The weights' rows are gates of a recurrent layer, and columns are wanted in blocks of units.
  var gates: GateBlocks?
  var type: MatrixType
  var result = MatrixResult.float

  var isInt8: Bool { type.isInt8 }
}

/// The taps, of `count`, that make up a row of weights, in their order; `nil` stands for zeros.
struct TapOrder: Equatable {
  var count: Int
  var order: [Int?]
}

/// How the weights of a matrix are stored.
enum MatrixType: Equatable {
  case float32
  /// Bits of binary16, widened in the kernel.
  case float16
  case int8
  /// int8 as they lie, [tap][channel], for depthwise kernels, which take no panels.
  case int8Channels
  /// Four bits each in blocks of 32 along k with a scale.
  case int4

  var isInt8: Bool { self == .int8 || self == .int8Channels }

  /// How kernels take weights of an element type; `nil` when they don't.
  init?(_ type: ElementType) {
    switch type {
    case .float32: self = .float32
    case .float16: self = .float16
    case .int8: self = .int8
    case .int4: self = .int4
    case .int16, .int32: return nil
    }
  }

  /// The columns of a panel.
  func width(_ tile: Tile) -> Int {
    switch self {
    case .float32, .float16: tile.float
    case .int8, .int4: tile.int8
    case .int8Channels: 1
    }
  }
}

/// What the products of a matrix become.
enum MatrixResult: Equatable {
  /// float32; int8 and int4 weights take rows that are quantized at run time, each with a scale.
  case float
  /// int8 rows with these parameters give int8: the blob holds the bias, with the zero point's share folded
  /// in, and a multiplier and shift for each column. `roundsProduct`: the product of the input's and the weights'
  /// scale is rounded to float32 first, as TFLite does in fully connected layers whose weights have one scale.
  case int8(input: AffineScale, output: AffineScale, roundsProduct: Bool)
  /// int8 rows give int32 sums, with the bias and the zero point's share folded in.
  case int32(inputZero: Int32)
}

/// `real = scale * (q - zero)` for a whole tensor.
struct AffineScale: Equatable {
  var scale: Float
  var zero: Int32
}

extension Tensor {
  /// The one scale and zero point of an int8 value; `nil` when it has not got them.
  var affineScale: AffineScale? {
    guard let quantization, quantization.scales.count == 1, quantization.zeroPoints.count == 1
    else { return nil }
    return AffineScale(scale: quantization.scales[0], zero: quantization.zeroPoints[0])
  }
}
