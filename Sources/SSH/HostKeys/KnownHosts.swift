import CLibSSH
import Foundation

/// A file of host keys in OpenSSH's `known_hosts` format.
///
/// Lines are only ever added or, by ``forget(host:port:)``, taken out whole; all others keep their
/// bytes. Writers exclude one another by a lock on the file's folder.
public struct KnownHosts: Sendable, Hashable {
  public var path: String

  public init(path: String) { self.path = path }

  /// One line that speaks of a device.
  struct Entry: Equatable {
    var line: Int
    var key: HostKey
    var isRevoked: Bool
  }

  /// The lines for a device. No file is the same as an empty one. Lines that can't be read are
  /// passed over, which refuses the device at worst.
  func entries(host: String, port: Int) throws(KnownHostsError) -> [Entry] {
    guard let text = try read() else { return [] }
    return Self.entries(in: text, host: host, port: port)
  }

  static func entries(in text: String, host: String, port: Int) -> [Entry] {
    let name = self.name(host: host, port: port)
    return lines(of: text).enumerated().compactMap { index, line in
      var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
      guard let first = words.first, !first.hasPrefix("#") else { return nil }
      let isRevoked = first == "@revoked"
      if first.hasPrefix("@") {
        // A certificate authority vouches for certificates, which libssh does not speak.
        guard isRevoked else { return nil }
        words.removeFirst()
      }
      guard words.count >= 3 else { return nil }
      var entry: UnsafeMutablePointer<ssh_knownhosts_entry>?
      guard ssh_known_hosts_parse_line(name, words.joined(separator: " "), &entry) == SSH_OK,
        let entry
      else { return nil }
      defer { ssh_knownhosts_entry_free(entry) }
      guard let publicKey = entry.pointee.publickey, let key = HostKey(publicKey) else {
        return nil
      }
      return Entry(line: index + 1, key: key, isRevoked: isRevoked)
    }
  }

  /// Adds a device's key. Does nothing when the same key already stands there.
  func add(_ key: HostKey, host: String, port: Int) throws(KnownHostsError) {
    try whileLocked { () throws(KnownHostsError) in
      let text = try read() ?? ""
      let known = Self.entries(in: text, host: host, port: port)
      guard !known.contains(where: { $0.key == key && !$0.isRevoked }) else { return }
      let start = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
      let line = "\(start)\(Self.name(host: host, port: port)) \(key.type) \(key.base64)\n"
      try append(Array(line.utf8))
    }
  }

  /// Takes the lines of a device out, so that its next key counts as new. Lines that name other
  /// devices as well stay, and so do revocations.
  ///
  /// - Returns: how many lines went.
  @discardableResult
  public func forget(host: String, port: Int = 22) throws(KnownHostsError) -> Int {
    try whileLocked { () throws(KnownHostsError) in
      guard let text = try read() else { return 0 }
      let gone = Set(
        Self.entries(in: text, host: host, port: port).filter { !$0.isRevoked }.map(\.line))
      let kept = Self.lines(of: text).enumerated().filter { index, line in
        !gone.contains(index + 1) || line.prefix(while: { $0 != " " }).contains(",")
      }
      let removed = Self.lines(of: text).count - kept.count
      guard removed > 0 else { return 0 }
      do {
        try kept.map(\.element).joined(separator: "\n")
          .write(toFile: path, atomically: true, encoding: .utf8)
      } catch { throw KnownHostsError(path: path, reason: "can't write: \(error)") }
      return removed
    }
  }

  /// The name that stands for a device in the file: `host`, or `[host]:port` off port 22.
  static func name(host: String, port: Int) -> String {
    port == 22 ? host : "[\(host)]:\(port)"
  }

  private static func lines(of text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}

/// A `known_hosts` file that can't be used.
public struct KnownHostsError: Error, Equatable, CustomStringConvertible {
  public var path: String
  public var reason: String

  public var description: String { "\(path): \(reason)" }
}
