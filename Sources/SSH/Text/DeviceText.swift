/// Text that a device sent, made safe to show: cut at a limit, without anything that a terminal
/// would obey.
///
/// Line feeds and tabs stay. Other control characters, and those that reorder or hide text, are
/// spelled out (`\u{1b}`); bytes that are no UTF-8 become U+FFFD.
public struct DeviceText: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  /// Bytes that were sent beyond the limit.
  public let omitted: Int

  /// - Parameter limit: bytes of input that are kept.
  public init(_ bytes: some Collection<UInt8>, limit: Int = 4096, omitted: Int = 0) {
    let kept = bytes.prefix(limit)
    self.omitted = omitted + bytes.count - kept.count
    var text = ""
    for scalar in String(decoding: kept, as: UTF8.self).unicodeScalars {
      if Self.isHarmless(scalar) {
        text.unicodeScalars.append(scalar)
      } else {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    while text.last?.isWhitespace == true { text.removeLast() }
    description = self.omitted > 0 ? "\(text) [\(self.omitted) more bytes]" : text
  }

  public init(_ text: some StringProtocol, limit: Int = 4096) {
    self.init(Array(text.utf8), limit: limit)
  }

  public var isEmpty: Bool { description.isEmpty }

  /// The same in one line, for a table or the middle of a sentence.
  public var line: String {
    description.split(whereSeparator: \.isNewline).joined(separator: "; ")
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar == "\n" || scalar == "\t"
    // Format characters: direction overrides, joiners, tags. Surrogates can't occur.
    case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
    default: true
    }
  }
}
