/// Makes windows of accelerometer and gyroscope data of people who walk, climb stairs or rest.
///
/// Deterministic: the same parameters give the same windows. A window is ``steps`` rows of
/// ``signals`` values at ``rate`` Hz (1.28 s), the oldest row first.
public struct MotionGenerator: Sendable {
  public static let steps = 32
  public static let signals = 6
  /// Samples a second.
  public static let rate = 25.0

  public struct Window: Sendable {
    /// `steps × signals`, row by row: acceleration x, y, z in g, then turning x, y, z in rad/s.
    public let values: [Float]
    public let motion: Motion
  }

  private let seed: UInt64
  private let people: Range<Int>
  private let device: Int?
  private let drift: Double

  /// - Parameters:
  ///   - seed: another seed is another world: other people, other devices.
  ///   - people: whose motions are drawn; keep training and test people apart.
  ///   - device: the device whose sensor reads them; `nil` gives every person one of their own.
  ///   - drift: 0 for sound sensors, 1 for one that has drifted badly.
  public init(seed: UInt64 = 1, people: Range<Int>, device: Int? = nil, drift: Double = 0) {
    precondition(!people.isEmpty, "there must be at least one person to draw windows from")
    self.seed = seed
    self.people = people
    self.device = device
    self.drift = drift
  }

  /// Window number `index`: labels come in a random order, about as many of each.
  public func window(_ index: Int) -> Window {
    var random = SplitMix64(seed, 3, UInt64(people.lowerBound), UInt64(device ?? 0), UInt64(index))
    let number = people.lowerBound + random.index(below: people.count)
    let motion = Motion.allCases[random.index(below: Motion.allCases.count)]
    let person = Person(number: number, seed: seed)
    // Devices that are named and those that people carry are numbered apart.
    let sensor = Sensor(number: device ?? 1_000_000 + number, seed: seed, drift: drift)
    let body = person.perform(
      motion, steps: Self.steps, rate: Self.rate, random: &random)
    var values: [Float] = []
    values.reserveCapacity(Self.steps * Self.signals)
    for moment in body {
      values += sensor.read(
        acceleration: moment.acceleration, turning: moment.turning, random: &random)
    }
    return Window(values: values, motion: motion)
  }
}
