/// Numbers as people read them where ``Reports/Units`` has no unit for them.
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
}
