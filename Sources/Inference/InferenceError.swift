/// Why a graph cannot be prepared, or an image or an input cannot be run. But for an index that a layer computed, nothing
/// has run when it is thrown.
public indirect enum InferenceError: Error, Equatable, Sendable {
  /// The graph breaks a rule of ``ModelFormat/Graph``; the text names node and tensor.
  case invalidGraph(String)
  /// A combination of operator, shapes and types that has no kernel.
  case unsupported(layer: String, tensor: String, reason: String)
  /// More than the runtime addresses (2^26 elements a tensor, 2^29 bytes of working memory).
  case tooLarge(layer: String, tensor: String)
  /// The image contradicts itself, or was cut or altered.
  case damagedImage(String)
  /// The caller's buffer has not the size that the model's inputs take together.
  case inputSize(tensor: String, expected: Int, actual: Int)
  case outputSize(tensor: String, expected: Int, actual: Int)
  /// An input value is infinite or not a number.
  case notFinite(tensor: String, position: Int)
  /// A gather's index lies outside its operand.
  case indexOutOfRange(layer: String, position: Int)
}

extension InferenceError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalidGraph(let reason): "the graph is not valid: \(reason)"
    case .unsupported(let layer, let tensor, let reason):
      "layer '\(layer)', tensor '\(tensor)': \(reason)"
    case .tooLarge(let layer, let tensor):
      "layer '\(layer)', tensor '\(tensor)': too large for this runtime"
    case .damagedImage(let reason):
      "the image is damaged (\(reason)); prepare it again from its package"
    case .inputSize(let tensor, let expected, let actual):
      "input '\(tensor)' takes \(expected) bytes, \(actual) were given"
    case .outputSize(let tensor, let expected, let actual):
      "output '\(tensor)' takes \(expected) bytes, \(actual) were given"
    case .notFinite(let tensor, let position):
      "input '\(tensor)' is infinite or not a number at position \(position)"
    case .indexOutOfRange(let layer, let position):
      "layer '\(layer)': the index at position \(position) lies outside its operand"
    }
  }
}
