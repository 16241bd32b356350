internal import ModelFormat

extension Activation {
  var name: String {
    switch self {
    case .none: "none"
    case .relu: "relu"
    case .relu6: "relu6"
    case .reluN1To1: "reluN1To1"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    }
  }
}
