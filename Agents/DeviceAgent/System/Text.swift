import Encoding

extension String {
  /// The beginning of the text, at most `limit` bytes of UTF-8, cut between characters.
  func clipped(to limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var end = limit
    let bytes = Array(utf8)
    while end > 0, bytes[end] & 0xc0 == 0x80 { end -= 1 }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  /// Without blanks, line ends and zero bytes at its ends.
  var trimmed: String {
    let bytes = Array(utf8)
    var start = 0
    var end = bytes.count
    while start < end, bytes[start] <= 32 { start += 1 }
    while end > start, bytes[end - 1] <= 32 { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The pieces between occurrences of an ASCII character.
  func pieces(between separator: UInt8) -> [String] {
    utf8.split(separator: separator, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// A whole number in decimal digits and nothing else.
  public var decimal: UInt64? {
    var value: UInt64 = 0
    guard !utf8.isEmpty else { return nil }
    for character in utf8 {
      guard character >= 48, character <= 57 else { return nil }
      let (ten, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, carry) = ten.addingReportingOverflow(UInt64(character - 48))
      guard !overflow, !carry else { return nil }
      value = next
    }
    return value
  }

  func startsWith(_ prefix: String) -> Bool {
    let (all, start) = (Array(utf8), Array(prefix.utf8))
    return all.count >= start.count && Array(all[..<start.count]) == start
  }

  func endsWith(_ suffix: String) -> Bool {
    let (all, end) = (Array(utf8), Array(suffix.utf8))
    return all.count >= end.count && Array(all[(all.count - end.count)...]) == end
  }
}

extension Digest {
  /// The first twelve digits: enough for people.
  var short: String { String(decoding: Array(hex.utf8)[..<12], as: UTF8.self) }
}
