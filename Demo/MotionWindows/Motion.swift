/// What a person does during a window. Raw values are the labels of the data set.
public enum Motion: Int, CaseIterable, Sendable {
  case walking = 0
  case stairs = 1
  case rest = 2

  /// The label as people read it.
  public var name: String {
    switch self {
    case .walking: "walking"
    case .stairs: "stairs"
    case .rest: "rest"
    }
  }
}
