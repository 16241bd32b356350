/// What threads that divide a step have to know about it.
struct JointWork {
  var macs: Int
  /// Rows that it is cut between, where each thread reads and writes the same part of every operand; `nil`
  /// where a thread reads what others may write.
  var rows: Int? = nil

  /// Rows that only their own thread reads and writes; `nil` when they are too few.
  static func rows(_ rows: Int, macs: Int = 0) -> JointWork? {
    RowShare.isWorthwhile(rows) ? JointWork(macs: macs, rows: rows) : nil
  }
}

/// A part of the arena that a step reads or writes.
struct ArenaSpan {
  var range: Range<Int>
  var isWritten: Bool
  /// Whether the operand is cut like the rows; scratch memory is not.
  var isOperand: Bool

  /// Whether one thread may touch this in one step while another is still at `other` in a step before.
  func disturbs(_ other: ArenaSpan, cutAlike: Bool) -> Bool {
    guard isWritten || other.isWritten, range.overlaps(other.range) else { return false }
    return !(cutAlike && isOperand && other.isOperand && range == other.range)
  }
}
