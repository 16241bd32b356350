public import Inference

/// Why a variant could not be evaluated on a data set.
public enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
  case noWindows
  /// The model does not have one input and one output, each float32 or int8.
  case interface(String)
  /// Shapes of a window and of the model's input that differ in more than extents of 1.
  case shape(window: [Int], input: [Int])
  /// The decision rule cannot be used on the model's output.
  case rule(String, output: [Int])
  case label(window: Int, label: Int, classes: Int)
  /// The model gave something that is no finite number, or that the rule makes no class of.
  case notFinite(window: Int)
  case model(InferenceError)
  case inference(window: Int, InferenceError)
  case cancelled

  public var description: String {
    switch self {
    case .noWindows: "the data set is empty"
    case .interface(let reason): reason
    case .shape(let window, let input):
      "the data has windows of shape \(window), the model takes \(input)"
    case .rule(let rule, let output):
      "the decision rule \(rule) does not fit an output of shape \(output)"
    case .label(let window, let label, let classes):
      "window \(window) has label \(label), and the model has \(classes) classes"
    case .notFinite(let window):
      "the output for window \(window) is not a finite number; the variant is unusable"
    case .model(let error): "the model cannot be run: \(error)"
    case .inference(let window, let error): "window \(window): \(error)"
    case .cancelled: "the evaluation was cancelled"
    }
  }
}
