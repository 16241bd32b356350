import Encoding

extension CBOR {
  /// Text of at most `limit` bytes; what is longer is cut between two characters.
  static func text(_ text: String, cutTo limit: Int) -> CBOR {
    guard text.utf8.count > limit else { return .text(text) }
    var end = text.utf8.index(text.utf8.startIndex, offsetBy: limit)
    while end > text.startIndex, UTF8.isContinuation(text.utf8[end]) {
      end = text.utf8.index(before: end)
    }
    return .text(String(decoding: text.utf8[..<end], as: UTF8.self))
  }
}
