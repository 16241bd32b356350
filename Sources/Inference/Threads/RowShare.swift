/// One thread's share of the steps that threads go through together. All steps whose rows are a multiple of the same
/// number are cut at the same places, so that rows stay with a thread and its caches.
struct RowShare {
  var part: Int
  var parts: Int
  /// What the rows of every step are measured by.
  var rows: Int

  /// Rows that kernels take together.
  private static let unit = 8

  /// Whether there are enough for each of two threads.
  static func isWorthwhile(_ rows: Int) -> Bool { rows >= 2 * unit }

  /// The thread's part of `count` rows.
  func of(_ count: Int) -> Range<Int> {
    let scale = count % rows == 0 ? count / rows : 1
    let range = cut(count / scale)
    return range.lowerBound * scale..<range.upperBound * scale
  }

  /// Cut between units. One row more than whole units goes with the last of them: a product of a single row adds in
  /// another order.
  private func cut(_ count: Int) -> Range<Int> {
    let units = (count - 1 + Self.unit - 1) / Self.unit
    let end = part + 1 == parts ? count : units * (part + 1) / parts * Self.unit
    return units * part / parts * Self.unit..<end
  }

  /// The thread's part of matrices, or of rows that need not keep together.
  func even(_ count: Int, of parts: Int? = nil) -> Range<Int> {
    let parts = parts ?? self.parts
    return count * part / parts..<count * (part + 1) / parts
  }
}
