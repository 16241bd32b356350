public import Foundation

/// A fleet on this machine: devices with a real `sshd` each, a root folder, and if wished another
/// processor, a network of their own, a small disk or little processor time.
///
/// A test says what it needs and gets it for as long as its closure runs:
///
/// ```swift
/// try await Lab.with([LabDevice("pi-a", userland: .aarch64), LabDevice("pi-b")]) { lab in
///   let pi = try lab["pi-a"]           // pi.host, pi.port, pi.user, pi.identity, pi.hostKeyFingerprint
///   try pi.unplug()                    // replug, powerCut, boot, killAgent, changeHostKey, fillDisk ...
///   #expect(pi.userland == .aarch64)   // .host where this machine has no QEMU: lab.notes says why
/// }
/// ```
///
/// A lab that outlives its program, as `bramble-lab up` makes one, is ``up(_:in:outlivesProgram:)`` and,
/// from another program, ``open(_:)`` and ``down()``. Whatever a killed program left behind, the next
/// ``with(_:_:)`` takes away.
public final class Lab: Sendable {
  /// Holds the client's key, the state file and, without root rights, the devices.
  public let folder: URL
  public let devices: [Device]
  /// Which wishes this machine could not grant, for people.
  public let notes: [String]
  private let home: URL

  private init(folder: URL, state: LabState) {
    self.folder = folder
    devices = state.devices
    notes = state.notes
    home = state.home
  }

  /// Whether this program may make namespaces, users and mounts.
  public static var hasRootRights: Bool { geteuid() == 0 }

  /// The key that logs in to every device.
  public var identity: URL { folder.appendingPathComponent("identity") }

  public subscript(name: String) -> Device {
    get throws(LabError) {
      guard let device = devices.first(where: { $0.name == name }) else {
        throw .noSuchDevice(name)
      }
      return device
    }
  }

  /// Runs `body` with a lab in a folder of its own and takes it down however `body` ends.
  public static func with<Result>(
    _ wishes: [LabDevice], _ body: (Lab) async throws -> Result
  ) async throws -> Result {
    try sweep()
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("bramble-lab-\(UUID().uuidString.prefix(8).lowercased())")
    let lab = try up(wishes, in: folder)
    do {
      let result = try await body(lab)
      try lab.down()
      try Files.remove(folder)
      return result
    } catch {
      // The test's own error says more than one from clearing up after it.
      try? lab.down()
      try? Files.remove(folder)
      throw error
    }
  }

  /// Starts the devices and waits until each greets.
  ///
  /// - Parameters:
  ///   - folder: made where it is not there; must not hold a lab.
  ///   - outlivesProgram: else ``sweep()`` takes the lab down once this program has ended.
  public static func up(
    _ wishes: [LabDevice], in folder: URL, outlivesProgram: Bool = false
  ) throws(LabError) -> Lab {
    let folder = folder.standardizedFileURL.resolvingSymlinksInPath()
    guard !FileManager.default.fileExists(atPath: LabState.file(in: folder).path) else {
      throw .badWish("\(folder.path) holds a lab already; `bramble-lab down` takes it away")
    }
    try Files.makeFolder(folder)
    var plan = try LabPlan(wishes: wishes, folder: folder)
    plan.state.owner = outlivesProgram ? nil : RunningProcess.current
    // Written before anything is started, so that nothing started is ever forgotten.
    try Files.makeFolder(plan.state.home)
    try plan.state.save(in: folder)
    // Again where ``sweep()`` looks, as the folder may be anywhere.
    try plan.state.save(in: plan.state.home)
    let lab = Lab(folder: folder, state: plan.state)
    do {
      try lab.start()
    } catch {
      try? lab.down()
      throw error
    }
    return lab
  }

  /// The lab whose state file lies in `folder`, running or not.
  public static func open(_ folder: URL) throws(LabError) -> Lab {
    let folder = folder.standardizedFileURL.resolvingSymlinksInPath()
    return Lab(folder: folder, state: try .load(from: folder))
  }

  /// Ends every process of every device and takes away what was mounted and made for them.
  public func down() throws(LabError) {
    for device in devices {
      device.powerCut()
      try device.link?.remove()
      device.quotaGroup.remove()
    }
    try Files.remove(home)
    try Files.remove(LabState.file(in: folder))
    for name in ["identity", "identity.pub", "known_hosts"] {
      try Files.remove(folder.appendingPathComponent(name))
    }
  }

  private func start() throws(LabError) {
    try Command(
      "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bramble-lab", "-f", identity.path
    ).check()
    let key = try Files.read(identity.appendingPathExtension("pub"))
    for device in devices {
      try device.install(authorizedKey: key)
      try device.link?.make()
      if let quota = device.quota { try device.quotaGroup.make(share: quota) }
      try device.start()
    }
    var lines: [String] = []
    for device in devices {
      try device.awaitGreeting()
      lines.append(try device.knownHostsLine)
    }
    try Files.write(
      lines.joined(separator: "\n") + "\n", to: folder.appendingPathComponent("known_hosts"))
  }
}
