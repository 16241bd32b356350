import ArgumentParser
import DataSets
import Foundation
import MotionWindows

/// Writes sensor windows to `.npz` files: `x` [windows, 32, 6] float32 and `y` [windows] int32.
@main struct MotionWindowsTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motion-windows",
    abstract: "Make windows of accelerometer and gyroscope data of people who walk, climb or rest.",
    subcommands: [Splits.self, Stream.self])
}

/// The people of each split: nobody is in two of them.
private let people = (training: 0..<60, test: 60..<80, validation: 80..<90)

struct Splits: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write train.npz, validation.npz and test.npz, of different people each.")

  @Argument(help: "The folder.") var folder: String

  func run() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, range, count) in [
      ("train", people.training, 5000), ("validation", people.validation, 600),
      ("test", people.test, 1200),
    ] {
      try write(MotionGenerator(people: range), count: count, to: "\(folder)/\(name).npz")
    }
  }
}

struct Stream: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write what the sensor of one device reads of the test people, one file.")

  @Option(help: "The device's number: its gain, offset, mounting and noise.") var device: Int
  @Option(help: "0 for a sound sensor, 1 for one that has drifted badly.") var drift = 0.0
  @Option(help: "How many windows.") var count = 120
  @Argument(help: "The .npz file.") var file: String

  func run() throws {
    let generator = MotionGenerator(people: people.test, device: device, drift: drift)
    try write(generator, count: count, to: file)
  }
}

private func write(_ generator: MotionGenerator, count: Int, to path: String) throws {
  let windows = (0..<count).map(generator.window)
  let shape = [count, MotionGenerator.steps, MotionGenerator.signals]
  let bytes = NPZ.encode([
    ("x", NPY(shape: shape, .float32(windows.flatMap(\.values)))),
    ("y", NPY(shape: [count], .int32(windows.map { Int32($0.motion.rawValue) }))),
  ])
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}
