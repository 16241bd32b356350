/// What one device's accelerometer and gyroscope make of a motion: gain and offset of each axis, how it
/// was screwed on, noise; and, where it has drifted, more of all that than any network was trained for.
struct Sensor {
  private let gain: [Double]
  private let offset: [Double]
  private let mounting: (roll: Double, pitch: Double, yaw: Double)
  private let accelerationNoise: Double
  private let turningNoise: Double

  /// - Parameter drift: 0 for a sound sensor; 1 for one that has slipped in its mount by some fifty
  ///   degrees, lost gain on two axes and gained an offset.
  init(number: Int, seed: UInt64, drift: Double) {
    var random = SplitMix64(seed, 2, UInt64(number))
    var gain = (0..<6).map { _ in random.normal(1, 0.03) }
    var offset = (0..<6).map { axis in random.normal(0, axis < 3 ? 0.02 : 0.04) }
    mounting = (
      random.normal(0, 0.05) + 0.35 * drift, random.normal(0, 0.05) + 0.45 * drift,
      random.normal(0, 0.05) + 0.6 * drift
    )
    accelerationNoise = random.uniform(0.015, 0.04) * (1 + drift)
    turningNoise = random.uniform(0.04, 0.1) * (1 + drift)
    gain[2] *= 1 - 0.35 * drift
    gain[5] *= 1 - 0.4 * drift
    offset[0] += 0.15 * drift
    offset[4] += 0.3 * drift
    self.gain = gain
    self.offset = offset
  }

  /// Six numbers: acceleration x, y, z in g, turning x, y, z in rad/s.
  func read(
    acceleration: Vector3, turning: Vector3, random: inout SplitMix64
  ) -> [Float] {
    let a = mounted(acceleration)
    let w = mounted(turning)
    return [a.x, a.y, a.z, w.x, w.y, w.z].enumerated().map { axis, value in
      let noise = axis < 3 ? accelerationNoise : turningNoise
      return Float(value * gain[axis] + offset[axis] + noise * random.normal())
    }
  }

  private func mounted(_ v: Vector3) -> Vector3 {
    v.rolled(by: mounting.roll).pitched(by: mounting.pitch).turned(by: mounting.yaw)
  }
}
