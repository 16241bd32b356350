/// Where a graph breaks its rules, and which.
public struct GraphError: Error, Equatable, Sendable {
  public enum Place: Equatable, Sendable {
    case graph
    case tensor(index: Int, name: String)
    case node(index: Int, name: String, operation: String)
  }

  public var place: Place
  public var reason: String

  public init(_ place: Place, _ reason: String) {
    self.place = place
    self.reason = reason
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
