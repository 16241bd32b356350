/// Where a device is and who logs in there.
///
/// What is `nil` is decided by `ssh_config`, and where that is silent, as OpenSSH decides it: port
/// 22 and the name of the local user.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// A name, an address, or a `Host` alias of `ssh_config`.
  public var host: String
  public var port: Int?
  public var user: String?
  /// Private key files, tried in this order before the agent's keys. `~` stands for the home folder.
  public var identities: [String]

  public init(host: String, port: Int? = nil, user: String? = nil, identities: [String] = []) {
    self.host = host
    self.port = port
    self.user = user
    self.identities = identities
  }

  /// `user@host:port`, without the parts that are not given.
  public var description: String {
    let name = port != nil && host.contains(":") ? "[\(host)]" : host
    return (user.map { "\($0)@" } ?? "") + name + (port.map { ":\($0)" } ?? "")
  }
}
