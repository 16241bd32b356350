import DataSets
import Foundation
import Testing

/// The real sensor data, which may not be shipped with the project: it lies beside the package where it is there at all.
enum SharedData {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared")

  static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path + "/data") }

  static func path(_ file: String) -> String { folder.appendingPathComponent(file).path }
}

@Suite(.enabled(if: SharedData.isThere, "../shared/data is not there: real data is not read"))
struct SharedDataTests {
  @Test(
    arguments: [
      ("har3-test.npz", 950, [160, 287, 503]), ("har3-train.npz", 2060, nil),
      ("har3-calibration.npz", 200, nil), ("har3-validation.npz", 140, nil),
    ] as [(String, Int, [Int]?)])
  func sensorWindows(file: String, count: Int, classes: [Int]?) throws {
    let set = try LabelledWindows(
      contentsOf: SharedData.path("data/\(file)"), inputShape: [1, 64, 6], classCount: 3)
    #expect(set.count == count)
    #expect(set.windows.shape == [64, 6])
    if let classes {
      #expect((0..<3).map { label in set.labels.count { $0 == label } } == classes)
    }
  }

  /// The first 64 test windows are the inputs of the golden files: two files, the same numbers.
  @Test func goldenInputsAreTheFirstTestWindows() throws {
    let test = try Windows(contentsOf: SharedData.path("data/har3-test.npz"))
    let golden = try NPZ(contentsOf: SharedData.path("models/lstm-encdec/golden.npz"))
    #expect(try golden.array("input").floats == test.selecting(Array(0..<64)).values)
    let quantized = try NPZ(contentsOf: SharedData.path("models/cnn1d/golden-int8.npz"))
    #expect(try quantized.array("in_scale").shape == [])
    #expect(try quantized.array("input").shape == [64, 64, 6])
  }
}
