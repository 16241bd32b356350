import Foundation

/// A control group that caps what a device may use of the processor.
struct CPUQuota {
  private static let version1 = "/sys/fs/cgroup/cpu"
  private static let version2 = "/sys/fs/cgroup"

  let name: String

  private static var isVersion2: Bool {
    FileManager.default.fileExists(atPath: version2 + "/cgroup.controllers")
  }

  private var folder: String { (Self.isVersion2 ? Self.version2 : Self.version1) + "/" + name }

  /// The file that a process joins the group by.
  var members: String { folder + "/cgroup.procs" }

  var exists: Bool { FileManager.default.fileExists(atPath: folder) }

  /// Makes the group or changes its share.
  ///
  /// - Parameter share: of one core; from 0.001 on, as the kernel gives no less than a millisecond a second.
  func make(share: Double) throws(LabError) {
    let period = share < 0.01 ? 1_000_000 : 100_000
    let microseconds = max(1000, Int(share * Double(period)))
    if Self.isVersion2 {
      try Command("sh", "-c", "echo +cpu > \(Self.version2)/cgroup.subtree_control").check()
    }
    try Files.makeFolder(URL(fileURLWithPath: folder))
    let setting =
      Self.isVersion2
      ? "echo '\(microseconds) \(period)' > \(folder)/cpu.max"
      : "echo \(period) > \(folder)/cpu.cfs_period_us"
        + " && echo \(microseconds) > \(folder)/cpu.cfs_quota_us"
    try Command("sh", "-c", setting).check()
  }

  /// The group must be empty of processes by now.
  func remove() {
    if exists { rmdir(folder) }
  }

  /// Periods in which the group had to wait, from its account.
  var throttledPeriods: Int {
    let text = (try? String(contentsOfFile: folder + "/cpu.stat", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("nr_throttled ") }
    return line.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
  }
}
