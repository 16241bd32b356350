import ArgumentParser

/// A length of time as written on the command line: `250ms`, `1s`, `10m`, `2h`, `7d`.
struct Span: ExpressibleByArgument, Equatable, Sendable {
  var microseconds: UInt64

  init(microseconds: UInt64) { self.microseconds = microseconds }

  init?(argument: String) {
    let units: [(String, Double)] = [
      ("us", 1), ("ms", 1e3), ("s", 1e6), ("m", 60e6), ("h", 3600e6), ("d", 86400e6),
    ]
    let digits = argument.prefix { $0.isNumber || $0 == "." }
    let suffix = argument.dropFirst(digits.count)
    guard let value = Double(digits), let unit = units.first(where: { $0.0 == suffix }),
      case let total = value * unit.1, total >= 1, total < 1e18
    else { return nil }
    microseconds = UInt64(total.rounded())
  }

  var defaultValueDescription: String {
    microseconds.isMultiple(of: 60_000_000)
      ? "\(microseconds / 60_000_000)m"
      : microseconds.isMultiple(of: 1_000_000)
        ? "\(microseconds / 1_000_000)s" : "\(microseconds / 1000)ms"
  }
}
