import ModelFormat
import Testing

@testable import Importers

@Suite("Damaged files", .timeLimit(.minutes(5)))
struct DamagedFileTests {
  /// Imports; anything but a graph or a typed error would be a crash, which no test survives.
  private func importing(_ bytes: [UInt8]) -> ImportError? {
    do throws(ImportError) {
      _ = try TFLiteImporter.graph(from: bytes, file: "damaged.tflite")
      return nil
    } catch {
      return error
    }
  }

  @Test("Every prefix of a file is refused")
  func prefixes() throws {
    let bytes = LoopFixture.file()
    for count in 0..<bytes.count - 1 {
      let error = importing(Array(bytes[..<count]))
      // The last bytes are padding of the last string; without them the file may still be whole.
      if count < bytes.count - 8 { #expect(error != nil, "a prefix of \(count) bytes was taken") }
      if let error { #expect(error.description.hasPrefix("damaged.tflite")) }
    }
  }

  @Test("Every byte, set to telling values, gives a graph or an error")
  func everyByte() throws {
    let bytes = LoopFixture.file()
    var refused = 0
    for place in bytes.indices {
      for value in [0x00, 0x7F, 0xFF] as [UInt8] where bytes[place] != value {
        var copy = bytes
        copy[place] = value
        if importing(copy) != nil { refused += 1 }
      }
    }
    #expect(refused > bytes.count)
  }

  @Test(
    "Flips and cuts of real files give a graph or an error",
    .enabled(if: SharedFiles.exist, "\(SharedFiles.absence)"),
    arguments: [
      "models/cnn1d/model.tflite", "models/dscnn2d/model-fp16.tflite",
      "models/autoencoder/model-dynint8.tflite", "models/transformer/model-dynint8.tflite",
      "models/lstm-encdec/model-while-dynint8.tflite",
    ])
  func realFiles(_ path: String) throws {
    let bytes = try SharedFiles.bytes(path)
    let model = try TFLiteModel(bytes: bytes, file: path)
    // The weights' bytes tell nothing new: damage goes to the tables.
    let data = model.subgraphs.flatMap { $0.tensors.compactMap(\.data) }.filter { $0.count > 256 }
    var tables: [Int] = []
    var place = 0
    for range in data.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.lowerBound >= place
    {
      tables += place..<range.lowerBound
      place = range.upperBound
    }
    tables += place..<bytes.count
    var random = SplitMix64(state: 20)
    var refused = 0
    let rounds = bytes.count > 500_000 ? 150 : 400
    for round in 0..<rounds {
      var copy = bytes
      if round % 10 == 9 {
        copy.removeLast(Int(random.next() % UInt64(bytes.count)))
      } else {
        for _ in 0...(random.next() % 3) {
          copy[tables[Int(random.next() % UInt64(tables.count))]] = UInt8(
            truncatingIfNeeded: random.next())
        }
      }
      if let error = importing(copy) {
        refused += 1
        #expect(error.description.hasPrefix("damaged.tflite"))
      }
    }
    #expect(refused > rounds / 10)
  }
}

/// A seeded generator, so that a failing round can be run again.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
