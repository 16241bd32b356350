import CPosix

/// The core's name and what it can do.
enum Processor {
  /// From MIDR where user space may read it, else from the text of `/proc/cpuinfo`.
  static func core(_ cpuinfo: String) -> String {
    let midr = bp_midr()
    if midr != 0 {
      return name(implementer: midr >> 24 & 0xff, part: midr >> 4 & 0xfff)
    }
    if let implementer = number(cpuinfo, "CPU implementer"), let part = number(cpuinfo, "CPU part")
    {
      return name(implementer: implementer, part: part)
    }
    return field(cpuinfo, "model name") ?? ""
  }

  /// Features that kernels are chosen by, sorted.
  static func features(_ cpuinfo: String) -> [String] {
    let listed = field(cpuinfo, "Features") ?? field(cpuinfo, "flags") ?? ""
    var found: [String] = []
    for word in listed.pieces(between: 32) {
      if let feature = known.first(where: { $0.word == word })?.feature, !found.contains(feature) {
        found.append(feature)
      }
    }
    return found.sorted()
  }

  private static let known: [(word: String, feature: String)] = [
    ("asimd", "neon"), ("neon", "neon"), ("asimddp", "dotprod"), ("asimdhp", "fp16"),
    ("i8mm", "i8mm"), ("vfp", "vfp"), ("vfpv4", "vfpv4"), ("avx2", "avx2"), ("fma", "fma"),
    ("avx512f", "avx512f"), ("avx512_vnni", "avx512vnni"), ("avx_vnni", "avxvnni"),
  ]

  private static func name(implementer: UInt64, part: UInt64) -> String {
    guard implementer == 0x41 else { return "implementer-\(implementer)-part-\(part)" }
    switch part {
    case 0xb76: return "arm1176"
    case 0xc07: return "cortex-a7"
    case 0xd03: return "cortex-a53"
    case 0xd04: return "cortex-a35"
    case 0xd05: return "cortex-a55"
    case 0xd07: return "cortex-a57"
    case 0xd08: return "cortex-a72"
    case 0xd0b: return "cortex-a76"
    case 0xd0c: return "neoverse-n1"
    default: return "arm-part-\(part)"
    }
  }

  /// The first value of a key of `/proc/cpuinfo`.
  private static func field(_ text: String, _ key: String) -> String? {
    for line in text.pieces(between: 10) where line.startsWith(key) {
      let parts = line.pieces(between: 58)
      if parts.count >= 2, parts[0].trimmed == key { return parts[1].trimmed }
    }
    return nil
  }

  private static func number(_ text: String, _ key: String) -> UInt64? {
    guard let value = field(text, key) else { return nil }
    if !value.startsWith("0x") { return value.decimal }
    var result: UInt64 = 0
    for character in value.utf8.dropFirst(2) {
      let digit = Hexadecimal.value(character)
      guard let digit, result < 1 << 59 else { return nil }
      result = result << 4 | UInt64(digit)
    }
    return result
  }
}
