/// One device as the operator has registered it.
public struct Device: Hashable, Sendable {
  /// What it is called; its file's name without `.yaml`.
  public var name: String
  /// A name, an address, or a `Host` alias of `ssh_config`.
  public var host: String
  /// Who logs in; `nil` leaves it to `ssh_config`.
  public var user: String?
  /// `nil` leaves it to `ssh_config`, which says 22 when it says nothing.
  public var port: Int?
  /// The private key file as written, with `~` or relative to the workspace; `nil` leaves it to
  /// the SSH agent and `ssh_config`.
  public var identity: String?
  /// Sorted, without doubles.
  public var tags: [String] { didSet { tags = Self.normalized(tags) } }

  public init(
    name: String, user: String? = nil, host: String, port: Int? = nil, tags: [String] = [],
    identity: String? = nil
  ) {
    self.name = name
    self.user = user
    self.host = host
    self.port = port
    self.identity = identity
    self.tags = Self.normalized(tags)
  }

  private static func normalized(_ tags: [String]) -> [String] { Array(Set(tags)).sorted() }
}

extension Device {
  /// What is wrong with the values, by the key that holds them; empty when all is well.
  func problems() -> [(key: Key, reason: String)] {
    var found: [(Key, String)] = []
    if let reason = Word.problem(inAddress: host) { found.append((.host, "'\(host)' \(reason)")) }
    if let user, let reason = Word.problem(inAddress: user) {
      found.append((.user, "'\(user)' \(reason)"))
    }
    if let port, !(1...65535).contains(port) {
      found.append((.port, "\(port) is no port; ports are 1 to 65535"))
    }
    if let identity, identity.isEmpty || identity.contains(where: \.isNewline) {
      found.append((.identity, "is no file name"))
    }
    for tag in tags {
      if let reason = Word.problem(in: tag) { found.append((.tags, "'\(tag)' \(reason)")) }
    }
    return found
  }

  /// The keys of a device's file.
  enum Key: String, CaseIterable {
    case host, user, port, identity, tags
  }
}

/// What names and tags are made of.
public enum Word {
  /// Says what is wrong with a name or tag; `nil` when nothing is.
  ///
  /// They become file names and stand in selectors, so they are letters, digits, `-`, `_` and `.`,
  /// begin with a letter or digit, and have at most 63 characters.
  public static func problem(in word: String) -> String? {
    if word.isEmpty { return "is empty" }
    if word == "all" { return "is what selectors call every device; choose another" }
    if word.utf8.count > 63 { return "is longer than 63 characters" }
    guard word.utf8.allSatisfy({ isAlphanumeric($0) || "-_.".utf8.contains($0) }) else {
      return "holds more than letters, digits, '-', '_' and '.'"
    }
    return isAlphanumeric(word.utf8.first!) ? nil : "does not begin with a letter or digit"
  }

  static func problem(inAddress text: String) -> String? {
    if text.isEmpty { return "is empty" }
    // A leading dash would be taken for an option somewhere.
    if text.hasPrefix("-") { return "begins with a dash" }
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.value > 0x20 && $0.value != 0x7f && !"@'\"\\`$;|&<>".unicodeScalars.contains($0)
    }
    return isPlain ? nil : "holds a blank or a character that has no place there"
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
