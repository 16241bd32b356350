import Foundation

/// How one person moves: drawn once from the person's number, so that a network can be tested on
/// people it never saw.
struct Person {
  /// Steps a second on the level and on stairs.
  private let walkingCadence: Double
  private let stairsCadence: Double
  /// Peak vertical acceleration in g.
  private let vigour: Double
  /// How much of the second harmonic a step holds: a hard heel.
  private let heel: Double
  /// Lean forward on stairs, and the tilt of the body (or of the belt) otherwise, in radians.
  private let climbingLean: Double
  private let posturePitch: Double
  private let postureRoll: Double
  /// Swing of the hip in radians a second.
  private let hip: Double
  /// Left leg against right leg.
  private let limp: Double

  init(number: Int, seed: UInt64) {
    var random = SplitMix64(seed, 1, UInt64(number))
    walkingCadence = random.normal(1.9, 0.11)
    stairsCadence = random.normal(1.45, 0.115)
    vigour = random.normal(0.34, 0.07)
    heel = random.uniform(0.25, 0.75)
    climbingLean = random.normal(0.2, 0.045)
    posturePitch = random.normal(0, 0.08)
    postureRoll = random.normal(0, 0.07)
    hip = random.normal(1.1, 0.25)
    limp = random.normal(0, 0.12)
  }

  /// The body's acceleration in g, gravity with it, and its turning in rad/s, at each step of a window.
  func perform(
    _ motion: Motion, steps: Int, rate: Double, random: inout SplitMix64
  ) -> [(acceleration: Vector3, turning: Vector3)] {
    switch motion {
    case .walking:
      gait(
        cadence: walkingCadence * random.normal(1, 0.05), vigour: vigour, heel: heel,
        lean: 0, sway: hip, steps: steps, rate: rate, random: &random)
    case .stairs:
      gait(
        cadence: stairsCadence * random.normal(1, 0.07), vigour: vigour * random.uniform(0.8, 1.5),
        heel: heel * 0.45, lean: climbingLean * random.normal(1, 0.25), sway: hip * 1.35,
        steps: steps, rate: rate, random: &random)
    case .rest:
      rest(steps: steps, rate: rate, random: &random)
    }
  }

  private func gait(
    cadence: Double, vigour: Double, heel: Double, lean: Double, sway: Double, steps: Int,
    rate: Double, random: inout SplitMix64
  ) -> [(acceleration: Vector3, turning: Vector3)] {
    let vigour = vigour * random.normal(1, 0.12)
    let heel = heel * random.normal(1, 0.25)
    let phase = random.uniform(0, 2 * .pi)
    let gravity = Vector3(x: 0, y: 0, z: 1)
      .pitched(by: posturePitch + lean + random.normal(0, 0.05))
      .rolled(by: postureRoll + random.normal(0, 0.04))
    // Some windows catch the first or the last step: motion swells or fades within the window.
    let edge = random.uniform(0, 1) < 0.12 ? random.uniform(-0.3, 0.75) : -1
    let startsLate = random.uniform(0, 1) < 0.5
    return (0..<steps).map { step in
      let time = Double(step) / rate
      let angle = phase + 2 * .pi * cadence * time
      let side = 1 + limp * sin(angle / 2)
      let place = Double(step) / Double(steps)
      let covered = startsLate ? place : 1 - place
      let strength = edge < 0 ? 1 : 1 / (1 + exp(-(covered - edge) * 20))
      let up = vigour * side * (sin(angle) + heel * sin(2 * angle + 0.9))
      let forward = 0.45 * vigour * side * cos(angle + 0.4)
      let left = 0.35 * vigour * sin(angle / 2 + 0.3)
      let turning = Vector3(
        x: 0.5 * sway * sin(angle / 2), y: 0.6 * sway * side * cos(angle + 0.2),
        z: sway * cos(angle / 2 - 0.5))
      return (
        gravity + Vector3(x: forward, y: left, z: up) * strength, turning * strength
      )
    }
  }

  /// Sitting, standing or lying; now and then a hand moves or the person shifts.
  private func rest(
    steps: Int, rate: Double, random: inout SplitMix64
  ) -> [(acceleration: Vector3, turning: Vector3)] {
    let lies = random.uniform(0, 1) < 0.25
    let gravity = Vector3(x: 0, y: 0, z: 1)
      .pitched(by: posturePitch + (lies ? random.uniform(1.1, 1.6) : random.normal(0.08, 0.15)))
      .rolled(by: postureRoll + random.normal(0, lies ? 0.5 : 0.1))
    let fidget = random.uniform(0, 1) < 0.3 ? random.uniform(0.05, 0.5) : 0.01
    let frequency = random.uniform(0.6, 2.2)
    let centre = random.uniform(0, Double(steps) / rate)
    let width = random.uniform(0.15, 0.6)
    let phase = random.uniform(0, 2 * .pi)
    return (0..<steps).map { step in
      let time = Double(step) / rate
      let bell = exp(-pow((time - centre) / width, 2))
      let move = fidget * bell * sin(2 * .pi * frequency * time + phase)
      let turn = fidget * 3 * bell * cos(2 * .pi * frequency * time + phase)
      return (
        gravity + Vector3(x: 0.6 * move, y: 0.5 * move, z: move),
        Vector3(x: 0.5 * turn, y: 0.7 * turn, z: turn)
      )
    }
  }
}
