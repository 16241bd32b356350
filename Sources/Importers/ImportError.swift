/// Why a file was not turned into a graph: which file, which operator of it, and what to do.
public struct ImportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name that the caller gave the file.
  public var file: String
  /// The operator that the problem lies with; `nil` when it lies with the file as a whole.
  public var node: ImportedNode?
  public var problem: ImportProblem

  public init(file: String, node: ImportedNode? = nil, problem: ImportProblem) {
    self.file = file
    self.node = node
    self.problem = problem
  }

  public var description: String {
    guard let node else { return "\(file): \(problem)" }
    return "\(file): \(node): \(problem)"
  }
}

/// An operator of the imported file, as its own tools would show it.
public struct ImportedNode: Equatable, Sendable, CustomStringConvertible {
  /// Position in the subgraph's list of operators.
  public var index: Int
  /// The name of the operator's first output.
  public var name: String
  /// The operator's name in the source format, e.g. `UNIDIRECTIONAL_SEQUENCE_LSTM`.
  public var operatorName: String
  /// 0 for the main graph.
  public var subgraph: Int

  public init(index: Int, name: String, operatorName: String, subgraph: Int = 0) {
    self.index = index
    self.name = name
    self.operatorName = operatorName
    self.subgraph = subgraph
  }

  public var description: String {
    let place = subgraph == 0 ? "" : " of subgraph \(subgraph)"
    return "node \(index)\(place) (\(operatorName) '\(name)')"
  }
}

/// What was wrong. The texts are whole sentences without a full stop, ready to follow a place.
public enum ImportProblem: Equatable, Sendable, CustomStringConvertible {
  /// Not a file of this format at all.
  case notThisFormat(String)
  /// A length, offset or index that cannot be: `offset` is in bytes from the start of the file.
  case damaged(offset: Int, String)
  /// The file is sound, but asks for something that the graph cannot express.
  case unsupported(String, advice: String)
  /// Shapes, types or operands that contradict each other.
  case inconsistent(String)

  public var description: String {
    switch self {
    case .notThisFormat(let reason): reason
    case .damaged(let offset, let reason):
      "\(reason) (at byte \(offset)); the file is damaged, export or copy it again"
    case .unsupported(let reason, let advice): "\(reason); \(advice)"
    case .inconsistent(let reason): "\(reason); the file contradicts itself, export it again"
    }
  }
}
