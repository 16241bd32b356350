/// Numbers as people read them. JSON always carries the plain value in its base unit.
enum Quantity {
  /// `1234567` as `1,234,567`.
  static func grouped(_ value: Int64) -> String {
    let digits = String(value.magnitude)
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { out += "," }
      out.append(digit)
    }
    return value < 0 ? "-" + out : out
  }

  /// Bytes in powers of 1000: `3.19 MB`.
  static func bytes(_ count: some BinaryInteger) -> String {
    let value = Double(Int64(clamping: count))
    let units: [(Double, String)] = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    for (size, unit) in units where value >= size {
      return decimal(value / size, places: 2) + " " + unit
    }
    return "\(count) B"
  }

  /// Microseconds: `812 us`, `12.4 ms`, `1.20 s`.
  static func microseconds(_ value: some BinaryInteger) -> String {
    let micro = Double(Int64(clamping: value))
    if micro >= 1e6 { return decimal(micro / 1e6, places: 2) + " s" }
    if micro >= 1e3 { return decimal(micro / 1e3, places: 1) + " ms" }
    return "\(value) us"
  }

  /// A share of one as `97.3 %`.
  static func percent(_ share: Double, places: Int = 1) -> String {
    decimal(share * 100, places: places) + " %"
  }

  /// A difference of shares in points with its sign: `-0.42`.
  static func points(_ difference: Double) -> String {
    let text = decimal(difference * 100, places: 2)
    return text.hasPrefix("-") ? text : "+" + text
  }

  /// Fixed point, rounded half away from zero; `-0.00` is written `0.00`.
  static func decimal(_ value: Double, places: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "-" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let whole = Int64((value.magnitude * scale).rounded())
    let unit = Int64(scale)
    var text = String(whole / unit)
    if places > 0 {
      let fraction = String(whole % unit)
      text += "." + String(repeating: "0", count: places - fraction.count) + fraction
    }
    return value < 0 && whole != 0 ? "-" + text : text
  }
}
