import Encoding
import ModelFormat
import Testing

/// Damage at every byte. A file that is not what was written is refused, or, where the checksums were made to match, is
/// the one and only encoding of what was read. Never a crash, never a wrong read.
@Suite struct MutationTests {
  /// A kind of file, and how it is read and written again.
  struct Subject: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let file: [UInt8]
    let rewritten: @Sendable ([UInt8]) throws -> [UInt8]
  }

  static let subjects: [Subject] =
    GraphSamples.all.enumerated().map { index, graph in
      Subject(testDescription: "package \(index)", file: Package(graph: graph).encode()) {
        try Package(decoding: $0).encode()
      }
    } + [
      Subject(testDescription: "probe set", file: VariantSamples.probe.encode()) {
        try ProbeSet(decoding: $0).encode()
      },
      Subject(testDescription: "manifest", file: VariantSamples.manifest.encode()) {
        try Manifest(decoding: $0).encode()
      },
    ]

  static let containers = subjects.dropLast()

  @Test(arguments: containers) func everyFlippedBitIsSeen(_ subject: Subject) {
    for place in subject.file.indices {
      for bit: UInt8 in [0x01, 0x10, 0x80] {
        var file = subject.file
        file[place] ^= bit
        #expect(throws: FormatError.self, "byte \(place)") { try subject.rewritten(file) }
      }
    }
  }

  @Test(arguments: subjects) func everyCutIsSeen(_ subject: Subject) {
    for length in subject.file.indices {
      let error = #expect(throws: FormatError.self, "cut to \(length)") {
        try subject.rewritten(Array(subject.file[..<length]))
      }
      #expect(error.map { $0.offset <= length } ?? false)
    }
  }

  @Test(arguments: subjects) func everyExtensionIsSeen(_ subject: Subject) {
    for more in [1, 3, 64, 4096] {
      #expect(throws: FormatError.self) {
        try subject.rewritten(subject.file + [UInt8](repeating: 0, count: more))
      }
    }
  }

  /// With checksums that match, each structural byte takes several values, among them the least and the greatest.
  @Test(arguments: subjects) func sealedDamage(_ subject: Subject) {
    for place in subject.file.indices {
      for value in [0x00, 0x01, 0x1f, 0x7f, 0x80, 0xff, subject.file[place] &+ 1] {
        var file = subject.file
        file[place] = value
        expectRefusedOrCanonical(file, subject, "byte \(place) = \(value)")
      }
    }
  }

  @Test(arguments: subjects) func sealedRandomDamage(_ subject: Subject) {
    var random = SeededRandom(seed: 2)
    for _ in 0..<4_000 {
      var file = subject.file
      for _ in 0...random.next() % 4 {
        let place = Int(random.next() % UInt64(file.count))
        switch random.next() % 4 {
        case 0: file[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: file[place] ^= 1 << UInt8(random.next() % 8)
        case 2: file.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
        default: file.remove(at: place)
        }
      }
      expectRefusedOrCanonical(file, subject, "random")
    }
  }

  private func expectRefusedOrCanonical(
    _ damaged: [UInt8], _ subject: Subject, _ note: Comment
  ) {
    var file = damaged
    if subject.testDescription != "manifest" { file.seal() }
    do {
      let again = try subject.rewritten(file)
      #expect(again == file, note)
    } catch {
      #expect(error is FormatError, note)
    }
  }
}
