/// What a node computes: a closed set, so that every consumer handles every case.
///
/// Layouts: images are NHWC, sequences are [batch, time, features], weights have their output
/// channel first. Operands that only describe a shape (axes, paddings, permutations, begins and
/// ends) are payload, never tensors. Where weights are int8 (symmetric, per channel on axis 0, depthwise on axis 3) and
/// the activation is float32, the operator is *dynamic-range*: it quantizes its activation per row
/// at run time. Where weights are float16, they are widened before use.
public enum Operator: Equatable, Sendable {
  /// `y = activation(x · wᵀ + b)`. Inputs: x [..., in], w [out, in], b [out]?; output [..., out].
  case dense(activation: Activation)
  /// Inputs: x [n, h, w, in], weights [out, kh, kw, in], bias [out]?; output [n, h', w', out].
  case convolution2D(Convolution2D)
  /// Inputs: x [n, h, w, c], weights [1, kh, kw, c·m], bias [c·m]?; channel `i` reads x's `i / m`.
  case depthwiseConvolution2D(Convolution2D)
  /// Inputs: x [n, h, w, in], weights [out, kh, kw, in], bias [out]?; the gradient of a convolution.
  case transposedConvolution2D(TransposedConvolution2D)
  /// Input x [n, h, w, c]. Average excludes padding from the divisor, as TFLite does.
  case pool2D(Pool2D)
  /// Inputs: x [batch, time, in], w [4·units, in], r [4·units, units], b [4·units]?.
  /// Gate order i, f, g, o. Output [batch, time, units]: h of every step.
  case lstm(LSTM)
  /// Inputs: x [batch, time, in], w [3·units, in], r [3·units, units], b [3·units]?, and where the reset gate
  /// comes after the product a bias rb [3·units]? of r's products. Gate order z, r, h. Output [batch, time, units].
  case gru(GRU)
  /// Inputs: a [..., m, k], b [..., k, n] (before the transposes that the payload asks for); batch dimensions broadcast.
  case batchMatMul(transposeA: Bool, transposeB: Bool)
  /// Inputs: a, b, broadcast against each other as in NumPy.
  case binary(BinaryKind, activation: Activation)
  case unary(UnaryKind)
  /// `x` where it is not negative, else `alpha · x`.
  case leakyReLU(alpha: Float)
  /// Inputs: condition, a, b, broadcast against each other; `a` where the condition is not 0, else `b`.
  case select
  /// `exp(beta · x) / Σ exp(beta · x)` over the last axis.
  case softmax(beta: Float)
  /// `x - log Σ exp(x)` over the last axis.
  case logSoftmax
  /// `x / max(‖x‖, 1e-6)` over the last axis.
  case l2Normalization
  /// `(x - mean) / √(variance + epsilon) · gamma + beta` over the last axis. Inputs: x [..., n], gamma [n]?, beta [n]?.
  case layerNormalization(epsilon: Float)
  /// Scaled dot-product attention. Inputs: q [batch, queries, heads·size], k [batch, keys, heads·size],
  /// v [batch, keys, heads·valueSize]; or one input that holds q, k and v, alike, side by side along its last axis.
  /// Output [batch, queries, heads·valueSize].
  case attention(Attention)
  /// Over `axes` (non-negative, ascending).
  case reduce(ReduceKind, axes: [Int], keepDimensions: Bool)
  /// To the shape of the output tensor; also squeezes and expands.
  case reshape
  case transpose(permutation: [Int])
  /// Repeats axis `i` `multiples[i]` times; RepeatVector arrives as this.
  case tile(multiples: [Int])
  /// Inputs: one or more, alike except along `axis`.
  case concatenate(axis: Int)
  /// `output[j] = x[begin + j · stride]` on each axis; the output tensor's shape gives the counts. Strides are not 0.
  case slice(begin: [Int], strides: [Int])
  /// Inputs: x, and int32 indices; picks along `axis`.
  case gather(axis: Int)
  /// Zeros before and after each axis.
  case pad(before: [Int], after: [Int])
  /// Input x [n, h, w, c]; output [n, h', w', c], its extents given by the output tensor.
  case resize2D(Resize2D)
  /// Between float32 and int8; the quantization stands at the int8 tensor.
  case quantize
  case dequantize
}

/// A function fused behind an operator.
public enum Activation: UInt8, Sendable, CaseIterable {
  case none = 0
  case relu = 1
  case relu6 = 2
  case reluN1To1 = 3
  case tanh = 4
  case sigmoid = 5
}

public enum BinaryKind: UInt8, Sendable, CaseIterable {
  case add = 0
  case subtract = 1
  case multiply = 2
  case divide = 3
  case minimum = 4
  case maximum = 5
  case squaredDifference = 6
  case power = 7
  /// `a` where it is not negative, else `a · b`: PReLU.
  case prelu = 8
  /// Comparisons give 1 where they hold, else 0.
  case equal = 9
  case notEqual = 10
  case less = 11
  case lessOrEqual = 12
  case greater = 13
  case greaterOrEqual = 14
}

public enum UnaryKind: UInt8, Sendable, CaseIterable {
  case relu = 0
  case relu6 = 1
  case reluN1To1 = 2
  case tanh = 3
  case sigmoid = 4
  case negate = 5
  case absolute = 6
  case exponential = 7
  case logarithm = 8
  case squareRoot = 9
  case reciprocalSquareRoot = 10
  case square = 11
  case elu = 12
  case hardSwish = 13
  /// `x · Φ(x)` with the exact error function.
  case gelu = 14
  /// The tanh approximation of GELU.
  case geluTanh = 15
  /// `1.0507… · (x where positive, else 1.6732… · (eˣ - 1))`.
  case selu = 16
  /// `x · sigmoid(x)`, also called swish.
  case silu = 17
  /// The error function.
  case erf = 18
}

public enum ReduceKind: UInt8, Sendable, CaseIterable {
  case mean = 0
  case sum = 1
  case maximum = 2
}

/// Rows and zeros around a spatial input, chosen at import ("same" is resolved to numbers).
public struct Padding2D: Equatable, Sendable {
  public var top: Int
  public var bottom: Int
  public var left: Int
  public var right: Int

  public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }
}

public struct Extent2D: Equatable, Sendable {
  public var height: Int
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

public struct Convolution2D: Equatable, Sendable {
  public var stride: Extent2D
  public var dilation: Extent2D
  public var padding: Padding2D
  public var activation: Activation

  public init(stride: Extent2D, dilation: Extent2D, padding: Padding2D, activation: Activation) {
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.activation = activation
  }
}

/// Output extents stand at the output tensor; padding is what the forward convolution would use.
public struct TransposedConvolution2D: Equatable, Sendable {
  public var stride: Extent2D
  public var padding: Padding2D
  public var activation: Activation

  public init(stride: Extent2D, padding: Padding2D, activation: Activation) {
    self.stride = stride
    self.padding = padding
    self.activation = activation
  }
}

public struct Pool2D: Equatable, Sendable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    case maximum = 0
    case average = 1
  }
  public var kind: Kind
  public var window: Extent2D
  public var stride: Extent2D
  public var padding: Padding2D
  public var activation: Activation

  public init(
    kind: Kind, window: Extent2D, stride: Extent2D, padding: Padding2D, activation: Activation
  ) {
    self.kind = kind
    self.window = window
    self.stride = stride
    self.padding = padding
    self.activation = activation
  }
}

/// How many heads share the last axis, and what `q · k` is multiplied by before the softmax.
public struct Attention: Equatable, Sendable {
  public var heads: Int
  public var scale: Float

  public init(heads: Int, scale: Float) {
    (self.heads, self.scale) = (heads, scale)
  }
}

/// How positions of a resized image map to those of its source, as TensorFlow's resizing defines it.
public struct Resize2D: Equatable, Sendable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    case nearest = 0
    case bilinear = 1
  }
  public var kind: Kind
  /// The corner pixels' centres fall on one another.
  public var alignsCorners: Bool
  /// Pixels are taken at their centres instead of at their upper left corners.
  public var centersPixels: Bool

  public init(kind: Kind, alignsCorners: Bool, centersPixels: Bool) {
    self.kind = kind
    self.alignsCorners = alignsCorners
    self.centersPixels = centersPixels
  }
}

public struct LSTM: Equatable, Sendable {
  /// Whether h and c survive from one prediction to the next. Off: every prediction starts from zero.
  public var keepsState: Bool
  /// Reads the sequence from its end; output step `t` still belongs to input step `t`.
  public var reversed: Bool
  /// How the cell state is held where the layer computes in integers; `nil` where it computes in float32.
  public var cell: QuantizedCell?

  public init(keepsState: Bool = false, reversed: Bool = false, cell: QuantizedCell? = nil) {
    self.keepsState = keepsState
    self.reversed = reversed
    self.cell = cell
  }
}

/// `h' = z · h + (1 - z) · tanh(candidate)`, with sigmoids for the gates z and r.
public struct GRU: Equatable, Sendable {
  public var keepsState: Bool
  /// Reads the sequence from its end; output step `t` still belongs to input step `t`.
  public var reversed: Bool
  /// The candidate is `W x + b + r · (R h + rb)`; off: `W x + b + R (r · h)`.
  public var resetsAfter: Bool

  public init(keepsState: Bool = false, reversed: Bool = false, resetsAfter: Bool = true) {
    self.keepsState = keepsState
    self.reversed = reversed
    self.resetsAfter = resetsAfter
  }
}

/// The int16 cell state of an integer LSTM, whose gates are Q3.12 before and Q0.15 after their activations.
public struct QuantizedCell: Equatable, Sendable {
  /// The state counts in units of 2^exponent; from -15 to -9, for which the state's tanh is defined.
  public var exponent: Int
  /// The largest magnitude that the state may have, in those units; 0 for no limit but the type's.
  public var clip: Int

  public static let exponents = -15 ... -9

  public init(exponent: Int, clip: Int = 0) {
    self.exponent = exponent
    self.clip = clip
  }
}
