internal import ModelFormat

extension Operator {
  /// Whether a recurrent layer reads its sequence from the end; no other operator does, nor can be made to.
  var isReversed: Bool {
    get {
      switch self {
      case .lstm(let lstm): lstm.reversed
      case .gru(let gru): gru.reversed
      default: false
      }
    }
    set {
      switch self {
      case .lstm(var lstm):
        lstm.reversed = newValue
        self = .lstm(lstm)
      case .gru(var gru):
        gru.reversed = newValue
        self = .gru(gru)
      default: return
      }
    }
  }

  var isRecurrent: Bool {
    switch self {
    case .lstm, .gru: true
    default: false
    }
  }
}
