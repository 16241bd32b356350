import CPosix

/// The words of the command line: options with a value, flags, and what is neither.
struct Arguments {
  /// Words that are neither option nor value.
  private(set) var words: [String] = []
  private var options: [(name: String, value: String)] = []
  private(set) var flags: [String] = []

  /// Options that take a value.
  private static let valued = [
    "--root", "--image", "--package", "--input", "--repeat", "--decision", "--output",
    "--journal-bytes", "--threads",
  ]

  init(_ all: [String]) throws(UsageError) {
    var index = 0
    while index < all.count {
      let word = all[index]
      index += 1
      if Arguments.valued.contains(word) {
        guard index < all.count else { throw UsageError("\(word) takes a value") }
        options.append((word, all[index]))
        index += 1
      } else if word.utf8.starts(with: "-".utf8) {
        flags.append(word)
      } else {
        words.append(word)
      }
    }
  }

  subscript(option: String) -> String? { options.last { $0.name == option }?.value }

  /// Refuses options and flags beyond these.
  func allow(options allowed: [String], flags allowedFlags: [String]) throws(UsageError) {
    for option in options where option.name != "--root" && !allowed.contains(option.name) {
      throw UsageError("this command has no option \(option.name)")
    }
    for flag in flags where !allowedFlags.contains(flag) {
      throw UsageError("this command has no option \(flag)")
    }
    if words.count > 1 { throw UsageError("unexpected argument '\(words[1])'") }
  }

  static var ofThisProcess: [String] {
    var all: [String] = []
    for index in 1..<max(1, bp_argument_count()) {
      guard let start = bp_argument(index) else { continue }
      var bytes: [UInt8] = []
      var next = start
      while next.pointee != 0 {
        bytes.append(UInt8(bitPattern: next.pointee))
        next += 1
      }
      all.append(String(decoding: bytes, as: UTF8.self))
    }
    return all
  }
}

/// The command line is not one.
struct UsageError: Error {
  var message: String

  init(_ message: String) { self.message = message }
}
