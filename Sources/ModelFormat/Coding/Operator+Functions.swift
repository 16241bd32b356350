import Encoding

/// Operators numbered from 21 on: normalizations, attention, and functions of elements.
extension Operator {
  static func function(
    _ number: CBORNode, _ fields: CBORNode
  ) throws(CBORError) -> Operator {
    switch try number.unsigned() {
    case 21:
      try fields.allowOnly(["epsilon"])
      return .layerNormalization(epsilon: try fields.field("epsilon").single())
    case 22:
      try fields.allowOnly(["heads", "scale"])
      return .attention(
        Attention(
          heads: try fields.field("heads").int(), scale: try fields.field("scale").single()))
    case 23:
      try fields.allowOnly(["alpha"])
      return .leakyReLU(alpha: try fields.field("alpha").single())
    case 24:
      try fields.allowOnly([])
      return .select
    case 25:
      try fields.allowOnly(["kind", "alignsCorners", "centersPixels"])
      return .resize2D(
        Resize2D(
          kind: try fields.field("kind").enumeration(),
          alignsCorners: try fields.field("alignsCorners").bool(),
          centersPixels: try fields.field("centersPixels").bool()))
    case 26:
      try fields.allowOnly([])
      return .logSoftmax
    case 27:
      try fields.allowOnly([])
      return .l2Normalization
    case let unknown: throw number.error(.unknownCase(unknown))
    }
  }
}
