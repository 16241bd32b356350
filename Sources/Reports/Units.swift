import Foundation

/// Numbers as people read them. JSON carries the plain values in their base units.
public enum Units {
  /// Powers of 1000, three digits: `812 B`, `3.19 MB`.
  public static func bytes(_ count: UInt64) -> String {
    let names = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    var value = Double(count)
    var name = 0
    while value >= 999.5, name < names.count - 1 {
      value /= 1_000
      name += 1
    }
    return name == 0 ? "\(count) B" : threeDigits(value) + " " + names[name]
  }

  /// Of microseconds: `0.42 ms`, `12.4 ms`, `1250 ms`. One unit, so that columns can be compared.
  public static func milliseconds(_ microseconds: UInt64) -> String {
    let value = Double(microseconds) / 1_000
    return (value >= 1_000 ? String(format: "%.0f", value) : threeDigits(value)) + " ms"
  }

  /// Of nanoseconds: `0.42 us`, `12.4 us`, `1250 us`.
  public static func microseconds(_ nanoseconds: UInt64) -> String {
    let value = Double(nanoseconds) / 1_000
    return (value >= 1_000 ? String(format: "%.0f", value) : threeDigits(value)) + " us"
  }

  /// Of a share: `97.3%`.
  public static func percent(_ share: Double) -> String {
    let text = String(format: "%.1f", share * 100)
    // 99.96% is not all of it.
    return (text == "100.0" && share < 1 ? "99.9" : text) + "%"
  }

  /// A difference of shares with its sign: `-0.42 points`.
  public static func points(_ difference: Double) -> String {
    let text = String(format: "%+.2f", difference * 100)
    return (text == "-0.00" ? "+0.00" : text) + " points"
  }

  private static func threeDigits(_ value: Double) -> String {
    value >= 99.95
      ? String(format: "%.0f", value)
      : value >= 9.995 ? String(format: "%.1f", value) : String(format: "%.2f", value)
  }
}
