public import Foundation

/// A device of a running lab: what a client needs to reach it, and where it lies on this machine.
///
/// With root rights a device is a process namespace and a mount namespace with an `sshd` of its own,
/// in which people land in a root folder of its own: whatever is killed, mounted or written there
/// stays there. Without, it is an `sshd` of the user's with another `HOME`.
public struct Device: Codable, Sendable {
  public let name: String
  /// What it really runs; ``Lab/notes`` says why where that is not what was wished.
  public let userland: LabDevice.Userland
  public let user: String
  public let host: String
  public let port: Int
  /// The private key to log in with.
  public let identity: URL
  /// Everything of this device on this machine.
  public let folder: URL
  /// Whether it has namespaces of its own, which takes root rights.
  public let isIsolated: Bool
  let quota: Double?
  let disk: Int?
  let link: NetworkLink?
  /// Marks the processes of this device where there is no namespace to tell them by.
  let mark: String

  /// The device's file system as seen from this machine, while it runs.
  public var root: URL {
    let plain = folder.appendingPathComponent("root", isDirectory: true)
    guard isIsolated, disk != nil, let first = firstProcess else { return plain }
    return URL(fileURLWithPath: "/proc/\(first.id)/root" + plain.path, isDirectory: true)
  }

  /// The login's home folder as the device itself names it.
  public var home: String {
    isIsolated ? (user == "root" ? "/root" : "/home/\(user)") : homeFolder.path
  }

  var homeFolder: URL {
    folder.appendingPathComponent(user == "root" ? "root/root" : "root/home/\(user)")
  }

  var log: URL { folder.appendingPathComponent("sshd.log") }
  var hostKeyFile: URL { folder.appendingPathComponent("host_key") }
  var configuration: URL { folder.appendingPathComponent("sshd_config") }
  var quotaGroup: CPUQuota { CPUQuota(name: mark) }

  /// The host's public key: `ssh-ed25519 AAAA...`.
  public var hostKey: String {
    get throws(LabError) {
      let line = try Files.read(hostKeyFile.appendingPathExtension("pub"))
      return line.split(separator: " ").prefix(2).joined(separator: " ")
    }
  }

  /// As `ssh-keygen -l` prints it: `SHA256:...`.
  public var hostKeyFingerprint: String {
    get throws(LabError) {
      let line = try Command("ssh-keygen", "-lf", hostKeyFile.path + ".pub").check()
      return line.split(separator: " ").first { $0.hasPrefix("SHA256:") }.map(String.init) ?? ""
    }
  }

  /// As a line of `known_hosts`.
  public var knownHostsLine: String {
    get throws(LabError) {
      let place = port == 22 ? host : "[\(host)]:\(port)"
      return place + " " + (try hostKey)
    }
  }

  /// Whether its SSH server greets.
  public var isReachable: Bool { Port.greets(host: host, port: port) }
}
