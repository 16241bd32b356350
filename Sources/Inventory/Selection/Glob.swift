/// A pattern with `*` for any characters and `?` for one, compared without regard to case.
struct Glob: Hashable, Sendable {
  let pattern: String

  init(_ pattern: String) { self.pattern = pattern.lowercased() }

  var hasWildcards: Bool { pattern.contains { $0 == "*" || $0 == "?" } }

  func matches(_ text: String) -> Bool {
    let pattern = Array(pattern)
    let text = Array(text.lowercased())
    var p = 0
    var t = 0
    // Where to go on when what follows the last star did not fit.
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        p = last.pattern + 1
        t = last.text + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
