public import Foundation

extension LabDevice.Userland {
  /// Where `Scripts/setup.sh` puts the ARM `busybox` executables.
  public static var cache: URL {
    let named = ProcessInfo.processInfo.environment["BRAMBLE_LAB_CACHE"]
    return URL(fileURLWithPath: named ?? "/var/cache/bramble-lab", isDirectory: true)
  }

  /// Why this machine cannot offer the userland; `nil` when it can.
  public var obstacle: String? {
    guard let emulation else { return nil }
    guard Lab.hasRootRights else { return "it takes root rights" }
    guard FileManager.default.isReadableFile(atPath: busybox.path) else {
      return "\(busybox.path) is missing; Scripts/setup.sh fetches it"
    }
    do {
      try Emulator.register(emulation.format)
    } catch {
      return "\(error)"
    }
    let trial = try? Command(busybox.path, "true").run()
    guard trial?.status == 0 else { return "\(busybox.path) does not run under QEMU here" }
    return nil
  }

  var busybox: URL { Self.cache.appendingPathComponent("busybox-\(rawValue)") }

  /// The kernel's name for the executable format, and the processor that QEMU plays.
  var emulation: (format: String, processor: String)? {
    switch self {
    case .host: nil
    case .aarch64: ("qemu-aarch64", "cortex-a72")
    case .armv7: ("qemu-arm", "cortex-a7")
    case .armv6: ("qemu-arm", "arm1176")
    }
  }
}

/// The kernel's table of foreign executable formats.
enum Emulator {
  private static let table = "/proc/sys/fs/binfmt_misc"

  /// Makes the kernel run programs of `format` (such as `qemu-aarch64`) through QEMU, where it does not yet.
  ///
  /// The registration stays, as it would after installing Debian's `qemu-user-static` on a machine
  /// that runs systemd.
  static func register(_ format: String) throws(LabError) {
    if isEnabled(format) { return }
    if !FileManager.default.fileExists(atPath: table + "/register") {
      try Command("mount", "-t", "binfmt_misc", "binfmt_misc", table).check()
    }
    if isEnabled(format) { return }
    let settings = "/usr/lib/binfmt.d/\(format).conf"
    guard FileManager.default.isReadableFile(atPath: settings) else {
      throw .missingProgram("qemu-user-static")
    }
    // The kernel takes one line in one write.
    try Command("sh", "-c", "grep '^:' \(settings) > \(table)/register").check()
  }

  private static func isEnabled(_ format: String) -> Bool {
    let text = try? String(contentsOfFile: "\(table)/\(format)", encoding: .utf8)
    return text?.hasPrefix("enabled") ?? false
  }
}
