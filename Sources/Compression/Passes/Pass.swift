public import ModelFormat

/// A step of compression as a value: from a graph to another that computes nearly the same.
///
/// A pass is a pure function of the graph and its own parameters.
public protocol Pass: Sendable {
  func apply(to graph: Graph) throws(CompressionError) -> Graph
}

/// Why a graph could not be compressed.
public enum CompressionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A weight is infinite or not a number: its tensor, and the index of the element.
  case notFinite(tensor: String, element: Int)
  /// A constant's bytes do not fit its shape and type.
  case malformed(tensor: String)
  /// The result breaks a rule of graphs.
  case invalid(String)
  case recipe(RecipeError)

  public var description: String {
    switch self {
    case .notFinite(let tensor, let element):
      "weight \(element) of '\(tensor)' is not a finite number; train or export the model again"
    case .malformed(let tensor):
      "the bytes of '\(tensor)' do not fit its shape and type; import the model again"
    case .invalid(let reason): "compression broke the graph: \(reason)"
    case .recipe(let error): "\(error)"
    }
  }
}
