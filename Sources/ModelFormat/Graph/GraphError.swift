/// Where a graph breaks its rules, and which.
public struct GraphError: Error, Equatable, Sendable {
  public enum Place: Equatable, Sendable {
    case graph
    case tensor(index: Int, name: String)
    case node(index: Int, name: String, operation: String)
  }

  /// One word, as in `CBORError`.
  private indirect enum Content: Equatable, Sendable {
    case fault(Place, String)
  }
  private let content: Content

  public init(_ place: Place, _ reason: String) { content = .fault(place, reason) }

  public var place: Place {
    switch content {
    case .fault(let place, _): place
    }
  }
  public var reason: String {
    switch content {
    case .fault(_, let reason): reason
    }
  }
}

extension GraphError: CustomStringConvertible {
  public var description: String {
    switch place {
    case .graph: "graph: \(reason)"
    case .tensor(let index, let name): "tensor \(index) (\(name)): \(reason)"
    case .node(let index, let name, let operation):
      "node \(index) (\(operation) \(name)): \(reason)"
    }
  }
}
