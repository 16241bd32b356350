/// A canonical prefix code of RFC 1951, 3.2.2, from the lengths of its words.
struct HuffmanCode {
  static let maximumLength = 15

  /// How many words there are of each length.
  private(set) var counts = [Int](repeating: 0, count: maximumLength + 1)
  /// The symbols, by length and then by value.
  private(set) var symbols: [Int] = []

  /// `nil` where there are more words than a code can have, or fewer than it needs: only a code of a single word,
  /// or of none, may be incomplete.
  init?(lengths: [UInt8]) {
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    var left = 1
    for length in 1...HuffmanCode.maximumLength {
      left = left << 1 - counts[length]
      if left < 0 { return nil }
    }
    let words = counts.reduce(0, +)
    guard left == 0 || words <= 1 else { return nil }
    for length in 1...HuffmanCode.maximumLength {
      symbols += lengths.indices.filter { Int(lengths[$0]) == length }
    }
  }

  private init(fixed lengths: [UInt8]) {
    for length in lengths { counts[Int(length)] += 1 }
    for length in 1...HuffmanCode.maximumLength {
      symbols += lengths.indices.filter { Int(lengths[$0]) == length }
    }
  }

  static let fixedLiterals = HuffmanCode(
    fixed: [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
      + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8))
  static let fixedDistances = HuffmanCode(fixed: [UInt8](repeating: 5, count: 30))

  /// The order in which the lengths of the length code stand.
  static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// Least value and number of extra bits of each length symbol from 257 on.
  static let lengths: [(base: Int, extra: UInt32)] =
    steps(
      from: 3,
      extras: [UInt32](repeating: 0, count: 8) + (4..<24).map { UInt32($0) / 4 }) + [(258, 0)]

  /// Least value and number of extra bits of each distance symbol.
  static let distances: [(base: Int, extra: UInt32)] = steps(
    from: 1,
    extras: [0, 0, 0, 0] + (2..<28).map { UInt32($0) / 2 })

  private static func steps(
    from first: Int, extras: [UInt32]
  ) -> [(base: Int, extra: UInt32)] {
    var base = first
    return extras.map { extra in
      defer { base += 1 << extra }
      return (base, extra)
    }
  }
}
