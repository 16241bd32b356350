import Encoding

extension Operator {
  init(number: CBORNode, fields: CBORNode) throws(CBORError) {
    switch try number.unsigned() {
    case 0:
      try fields.allowOnly(["activation"])
      self = .dense(activation: try fields.field("activation").enumeration())
    case 1: self = .convolution2D(try Convolution2D(fields))
    case 2: self = .depthwiseConvolution2D(try Convolution2D(fields))
    case 3: self = .transposedConvolution2D(try TransposedConvolution2D(fields))
    case 4: self = .pool2D(try Pool2D(fields))
    case 5: self = .lstm(try LSTM(fields))
    case 6:
      try fields.allowOnly(["transposeA", "transposeB"])
      self = .batchMatMul(
        transposeA: try fields.field("transposeA").bool(),
        transposeB: try fields.field("transposeB").bool())
    case 7:
      try fields.allowOnly(["kind", "activation"])
      self = .binary(
        try fields.field("kind").enumeration(),
        activation: try fields.field("activation").enumeration())
    case 8:
      try fields.allowOnly(["kind"])
      self = .unary(try fields.field("kind").enumeration())
    case 9:
      try fields.allowOnly(["beta"])
      self = .softmax(beta: try fields.field("beta").single())
    case 10:
      try fields.allowOnly(["kind", "axes", "keep"])
      self = .reduce(
        try fields.field("kind").enumeration(), axes: try fields.field("axes").ints(),
        keepDimensions: try fields.field("keep").bool())
    case 11...17: self = try Operator.movement(number, fields)
    case 18:
      try fields.allowOnly([])
      self = .quantize
    case 19:
      try fields.allowOnly([])
      self = .dequantize
    case 20: self = .gru(try GRU(fields))
    case 21...27: self = try Operator.function(number, fields)
    case let unknown: throw number.error(.unknownCase(unknown))
    }
  }

  private static func movement(
    _ number: CBORNode, _ fields: CBORNode
  ) throws(CBORError) -> Operator {
    switch try number.unsigned() {
    case 11:
      try fields.allowOnly([])
      return .reshape
    case 12:
      try fields.allowOnly(["permutation"])
      return .transpose(permutation: try fields.field("permutation").ints())
    case 13:
      try fields.allowOnly(["multiples"])
      return .tile(multiples: try fields.field("multiples").ints())
    case 14:
      try fields.allowOnly(["axis"])
      return .concatenate(axis: try fields.field("axis").int())
    case 15:
      try fields.allowOnly(["begin", "strides"])
      return .slice(
        begin: try fields.field("begin").ints(), strides: try fields.field("strides").ints())
    case 16:
      try fields.allowOnly(["axis"])
      return .gather(axis: try fields.field("axis").int())
    case 17:
      try fields.allowOnly(["before", "after"])
      return .pad(
        before: try fields.field("before").ints(), after: try fields.field("after").ints())
    case let unknown: throw number.error(.unknownCase(unknown))
    }
  }
}

extension Convolution2D {
  init(_ fields: CBORNode) throws(CBORError) {
    try fields.allowOnly(["stride", "dilation", "padding", "activation"])
    self.init(
      stride: try Extent2D(fields.field("stride")),
      dilation: try Extent2D(fields.field("dilation")),
      padding: try Padding2D(fields.field("padding")),
      activation: try fields.field("activation").enumeration())
  }
}

extension TransposedConvolution2D {
  init(_ fields: CBORNode) throws(CBORError) {
    try fields.allowOnly(["stride", "padding", "activation"])
    self.init(
      stride: try Extent2D(fields.field("stride")),
      padding: try Padding2D(fields.field("padding")),
      activation: try fields.field("activation").enumeration())
  }
}

extension Pool2D {
  init(_ fields: CBORNode) throws(CBORError) {
    try fields.allowOnly(["kind", "window", "stride", "padding", "activation"])
    self.init(
      kind: try fields.field("kind").enumeration(), window: try Extent2D(fields.field("window")),
      stride: try Extent2D(fields.field("stride")),
      padding: try Padding2D(fields.field("padding")),
      activation: try fields.field("activation").enumeration())
  }
}

extension LSTM {
  init(_ fields: CBORNode) throws(CBORError) {
    try fields.allowOnly(["keepsState", "reversed", "cell"])
    self.init(
      keepsState: try fields.field("keepsState").bool(),
      reversed: try fields.field("reversed").bool())
    if let cell = try fields.optionalField("cell") { self.cell = try QuantizedCell(cell) }
  }
}

extension GRU {
  init(_ fields: CBORNode) throws(CBORError) {
    try fields.allowOnly(["keepsState", "reversed", "resetsAfter"])
    self.init(
      keepsState: try fields.field("keepsState").bool(),
      reversed: try fields.field("reversed").bool(),
      resetsAfter: try fields.field("resetsAfter").bool())
  }
}

extension CBORNode {
  /// Whole numbers, one for each axis.
  func ints() throws(CBORError) -> [Int] {
    var list: [Int] = []
    for item in try elements(atMost: Graph.maximumRank) {
      list.append(try item.int(in: .min ... .max))
    }
    return list
  }
}
