internal import ModelFormat

/// What a tensor number of the file stands for.
enum Value {
  /// Known at import.
  case constant(Constant)
  /// Computed by a node of the graph, with its shape.
  case runtime(TensorID, [Int])
  /// Something that the graph does not compute, in words, and its shape: refused if it is read.
  case unavailable(String, [Int])

  var shape: [Int] {
    switch self {
    case .constant(let constant): constant.shape
    case .unavailable(_, let shape): shape
    case .runtime(_, let shape): shape
    }
  }
}
