/// What a model says of one window.
public struct Prediction: Equatable, Sendable {
  /// By the decision rule.
  public var label: Int
  /// The model's output, row-major.
  public var output: [Float]
  /// Mean squared difference of output and input, for rules that judge by it.
  public var squaredError: Float?

  public init(label: Int, output: [Float], squaredError: Float? = nil) {
    self.label = label
    self.output = output
    self.squaredError = squaredError
  }
}
