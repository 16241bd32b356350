/// A part of the fleet, as a number of devices or a percentage.
public enum FleetShare: Hashable, Codable, Sendable, CustomStringConvertible {
  case devices(Int)
  case percent(Int)

  /// `3` or `25%`; `nil` for anything else, for less than one device and for more than 100%.
  public init?(parsing text: String) {
    if text.hasSuffix("%") {
      guard let percent = Int(text.dropLast()), (1...100).contains(percent) else { return nil }
      self = .percent(percent)
    } else {
      guard let count = Int(text), count >= 1 else { return nil }
      self = .devices(count)
    }
  }

  /// How many of `total` devices: percentages round up, and it is always at least one.
  public func count(of total: Int) -> Int {
    switch self {
    case .devices(let count): max(1, min(count, total))
    case .percent(let percent): max(1, min((total * percent + 99) / 100, total))
    }
  }

  public var description: String {
    switch self {
    case .devices(let count): "\(count)"
    case .percent(let percent): "\(percent)%"
    }
  }
}
