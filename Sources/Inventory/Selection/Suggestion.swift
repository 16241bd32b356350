/// What somebody who mistyped a word may have meant.
enum Suggestion {
  /// The candidate with the fewest differences, when they are few for the word's length.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let ranked = candidates.map { (distance(word.lowercased(), $0.lowercased()), $0) }.min {
      $0 < $1
    }
    guard let ranked, ranked.0 <= max(1, word.count / 3) else { return nil }
    return ranked.1
  }

  /// Insertions, removals and replacements of one character, and swaps of two neighbours (the
  /// restricted Damerau-Levenshtein distance).
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var rows = [Array(0...b.count)]
    for i in 1..<(a.count + 1) {
      var row = [i]
      for j in 1..<(b.count + 1) {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          best = min(best, rows[i - 2][j - 2] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
