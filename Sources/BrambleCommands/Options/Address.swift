import ArgumentParser

/// `USER@HOST` or `USER@HOST:PORT`; an IPv6 host stands in brackets.
struct Address: ExpressibleByArgument, Equatable, Sendable {
  var user: String
  var host: String
  /// `nil` leaves it to `ssh_config`.
  var port: Int?

  init?(argument: String) {
    guard let at = argument.firstIndex(of: "@"), at != argument.startIndex else { return nil }
    let user = argument[..<at]
    let rest = argument[argument.index(after: at)...]
    let host: Substring
    let tail: Substring
    if rest.hasPrefix("[") {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      host = rest[rest.index(after: rest.startIndex)..<end]
      tail = rest[rest.index(after: end)...]
    } else {
      let colon = rest.firstIndex(of: ":") ?? rest.endIndex
      host = rest[..<colon]
      tail = rest[colon...]
    }
    guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || $0 == "@" }),
      !host.hasPrefix("-"), !user.hasPrefix("-"), !user.contains(where: \.isWhitespace)
    else { return nil }
    var port: Int?
    if !tail.isEmpty {
      guard tail.first == ":", let number = UInt16(tail.dropFirst()), number > 0 else { return nil }
      port = Int(number)
    }
    self.user = String(user)
    self.host = String(host)
    self.port = port
  }
}
