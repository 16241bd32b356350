internal import ModelFormat

/// Where an int8 result lies: its zero point, and the values that a fused activation lets pass.
struct Requantization: Equatable {
  var zero: Int32
  var range: ClosedRange<Int32>

  init(_ activation: Activation, to output: AffineScale) {
    zero = output.zero
    range = activation.range(in: output)
  }
}
