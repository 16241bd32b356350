import Foundation

/// The agents that were built on this machine, one for each kind of device.
public struct AgentBinaries: Sendable, Hashable {
  /// Holds `bramble-agent-aarch64` and so on, as `make agents` leaves them.
  public var folder: String

  public init(folder: String) { self.folder = folder }

  /// The name of the agent for a machine that says this of itself by `uname -m`; `nil` where none
  /// was ever built for it.
  public static func name(forMachine machine: String) -> String? {
    switch machine {
    case "aarch64", "arm64": "aarch64"
    // A 64-bit core under a 32-bit kernel says armv8l.
    case "armv7l", "armv8l": "armv7"
    case "armv6l": "armv6"
    case "x86_64", "amd64": "x86_64"
    default: nil
    }
  }

  /// Where the agent for a machine lies, whether it was built or not.
  public func path(forMachine machine: String) -> String? {
    Self.name(forMachine: machine).map { "\(folder)/bramble-agent-\($0)" }
  }
}
