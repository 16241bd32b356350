/// Which host keys are trusted. Every policy fails closed: what it does not name is refused before
/// anything secret is sent.
public enum HostKeyPolicy: Sendable, Hashable {
  /// The key stands in this `known_hosts` file.
  case known(KnownHosts)
  /// As ``known(_:)``, but the key of a device that the file does not name is taken on trust and
  /// added to it. A changed key is still refused.
  case acceptNew(KnownHosts)
  /// The key has this fingerprint, as `ssh-keygen -l` prints it: `SHA256:...`. With a file, the key
  /// must not contradict it and is added to it.
  case pinned(String, recordIn: KnownHosts? = nil)

  var knownHosts: KnownHosts? {
    switch self {
    case .known(let file), .acceptNew(let file): file
    case .pinned(_, let file): file
    }
  }
}
