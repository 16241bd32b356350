import CPosix

/// What processes take.
enum Memory {
  /// Resident bytes of a process, as `/proc` says; 0 when it is gone.
  static func resident(of pid: Int32) -> UInt64 {
    let words = Files.text(of: "/proc/\(pid)/statm").pieces(between: 32)
    guard words.count > 1, let pages = words[1].decimal else { return 0 }
    return pages * UInt64(bp_page_size())
  }
}
