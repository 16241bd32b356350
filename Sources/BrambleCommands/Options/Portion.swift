import ArgumentParser

/// Some of the devices: a number of them, or a share of all.
enum Portion: ExpressibleByArgument, Equatable, Sendable {
  case devices(Int)
  /// In hundredths, 1 to 100.
  case percent(Int)

  init?(argument: String) {
    if argument.hasSuffix("%") {
      guard let value = Int(argument.dropLast()), (1...100).contains(value) else { return nil }
      self = .percent(value)
    } else {
      guard let value = Int(argument), value >= 1 else { return nil }
      self = .devices(value)
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .devices(let count): "\(count)"
    case .percent(let share): "\(share)%"
    }
  }

  /// Devices out of `total`, at least one, shares rounded up.
  func count(of total: Int) -> Int {
    switch self {
    case .devices(let count): min(max(count, 1), max(total, 1))
    case .percent(let share): max((total * share + 99) / 100, 1)
    }
  }
}
