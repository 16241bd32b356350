import Encoding

extension Operator {
  /// Part of the file format: numbers are never used anew.
  var number: UInt64 {
    switch self {
    case .dense: 0
    case .convolution2D: 1
    case .depthwiseConvolution2D: 2
    case .transposedConvolution2D: 3
    case .pool2D: 4
    case .lstm: 5
    case .batchMatMul: 6
    case .binary: 7
    case .unary: 8
    case .softmax: 9
    case .reduce: 10
    case .reshape: 11
    case .transpose: 12
    case .tile: 13
    case .concatenate: 14
    case .slice: 15
    case .gather: 16
    case .pad: 17
    case .quantize: 18
    case .dequantize: 19
    case .gru: 20
    case .layerNormalization: 21
    case .attention: 22
    case .leakyReLU: 23
    case .select: 24
    case .resize2D: 25
    case .logSoftmax: 26
    case .l2Normalization: 27
    }
  }

  var fields: [CBORField] {
    switch self {
    case .dense(let activation): [field("activation", activation.rawValue)]
    case .convolution2D(let payload), .depthwiseConvolution2D(let payload):
      [
        CBORField("stride", payload.stride.cbor), CBORField("dilation", payload.dilation.cbor),
        CBORField("padding", payload.padding.cbor),
        field("activation", payload.activation.rawValue),
      ]
    case .transposedConvolution2D(let payload):
      [
        CBORField("stride", payload.stride.cbor), CBORField("padding", payload.padding.cbor),
        field("activation", payload.activation.rawValue),
      ]
    case .pool2D(let payload):
      [
        field("kind", payload.kind.rawValue), CBORField("window", payload.window.cbor),
        CBORField("stride", payload.stride.cbor), CBORField("padding", payload.padding.cbor),
        field("activation", payload.activation.rawValue),
      ]
    case .lstm(let payload):
      [
        CBORField("keepsState", .bool(payload.keepsState)),
        CBORField("reversed", .bool(payload.reversed)),
      ] + (payload.cell.map { [CBORField("cell", $0.cbor)] } ?? [])
    case .gru(let payload):
      [
        CBORField("keepsState", .bool(payload.keepsState)),
        CBORField("reversed", .bool(payload.reversed)),
        CBORField("resetsAfter", .bool(payload.resetsAfter)),
      ]
    case .batchMatMul(let transposeA, let transposeB):
      [CBORField("transposeA", .bool(transposeA)), CBORField("transposeB", .bool(transposeB))]
    case .binary(let kind, let activation):
      [field("kind", kind.rawValue), field("activation", activation.rawValue)]
    case .unary(let kind): [field("kind", kind.rawValue)]
    case .softmax(let beta): [CBORField("beta", .float(Double(beta)))]
    case .reduce(let kind, let axes, let keepDimensions):
      [
        field("kind", kind.rawValue), field("axes", axes),
        CBORField("keep", .bool(keepDimensions)),
      ]
    case .reshape, .quantize, .dequantize, .select, .logSoftmax, .l2Normalization: []
    case .layerNormalization(let epsilon): [CBORField("epsilon", .float(Double(epsilon)))]
    case .attention(let payload):
      [
        CBORField("heads", CBOR(payload.heads)), CBORField("scale", .float(Double(payload.scale))),
      ]
    case .leakyReLU(let alpha): [CBORField("alpha", .float(Double(alpha)))]
    case .resize2D(let payload):
      [
        field("kind", payload.kind.rawValue),
        CBORField("alignsCorners", .bool(payload.alignsCorners)),
        CBORField("centersPixels", .bool(payload.centersPixels)),
      ]
    case .transpose(let permutation): [field("permutation", permutation)]
    case .tile(let multiples): [field("multiples", multiples)]
    case .concatenate(let axis), .gather(let axis): [CBORField("axis", CBOR(axis))]
    case .slice(let begin, let strides): [field("begin", begin), field("strides", strides)]
    case .pad(let before, let after): [field("before", before), field("after", after)]
    }
  }

  private func field(_ name: String, _ number: UInt8) -> CBORField {
    CBORField(name, .unsigned(UInt64(number)))
  }

  private func field(_ name: String, _ list: [Int]) -> CBORField {
    CBORField(name, .array(list.map { CBOR($0) }))
  }
}

extension QuantizedCell {
  /// `[-exponent, clip]`.
  var cbor: CBOR { .array([CBOR(-exponent), CBOR(clip)]) }

  init(_ node: CBORNode) throws(CBORError) {
    let parts = try node.elements(count: 2)
    self.init(exponent: -(try parts[0].int(in: 0...31)), clip: try parts[1].int(in: 0...32767))
  }
}

extension Extent2D {
  /// `[height, width]`.
  var cbor: CBOR { .array([CBOR(height), CBOR(width)]) }

  init(_ node: CBORNode) throws(CBORError) {
    let parts = try node.elements(count: 2)
    self.init(height: try parts[0].int(), width: try parts[1].int())
  }
}

extension Padding2D {
  /// `[top, bottom, left, right]`.
  var cbor: CBOR { .array([CBOR(top), CBOR(bottom), CBOR(left), CBOR(right)]) }

  init(_ node: CBORNode) throws(CBORError) {
    let parts = try node.elements(count: 4)
    self.init(
      top: try parts[0].int(), bottom: try parts[1].int(), left: try parts[2].int(),
      right: try parts[3].int())
  }
}
