/// A device that a test or a demonstration wants.
public struct LabDevice: Codable, Sendable {
  /// Whose machine instructions the programs on the device are made of.
  public enum Userland: String, Codable, CaseIterable, Sendable {
    /// The programs of this machine.
    case host
    /// 64-bit ARM under QEMU's user mode, as on a Pi 3, 4, 5 with a 64-bit system.
    case aarch64
    /// 32-bit ARM with NEON under QEMU's user mode, as on a Pi 2, 3, 4 with a 32-bit system.
    case armv7
    /// 32-bit ARM without NEON under QEMU's user mode, as on a Pi Zero or a Pi 1.
    case armv6
  }

  /// Unique in its lab; also the host name.
  public var name: String
  public var userland: Userland
  /// Who logs in: `pi`, or `root`. Without root rights here it is always who runs the lab.
  public var user: String
  /// The share of one core that everything on the device may use together, such as 0.1.
  public var quota: Double?
  /// Bytes of the file system that `/home`, `/var` and `/tmp` of the device lie on; `nil` for this machine's own.
  /// Such a disk is memory: ``Device/powerCut()`` empties it.
  public var disk: Int?
  /// Whether the device has an address and a cable of its own, so that ``Device/unplug()`` leaves
  /// connections hanging instead of closing them.
  public var hasOwnNetwork: Bool

  public init(
    _ name: String, userland: Userland = .host, user: String = "pi", quota: Double? = nil,
    disk: Int? = nil, hasOwnNetwork: Bool = false
  ) {
    self.name = name
    self.userland = userland
    self.user = user
    self.quota = quota
    self.disk = disk
    self.hasOwnNetwork = hasOwnNetwork
  }
}
