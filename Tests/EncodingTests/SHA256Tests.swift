import Encoding
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples and the short messages of NIST's SHA256ShortMsg.rsp.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("616263", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("d3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"),
    ("11af", "5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98"),
    ("b4190e", "dff2e73091f6c05e528896c4c831b9448653dc2ff043528f6769437bc7b975c2"),
    ("74ba2521", "b16aa56be3880d18cd41e68384cf1ec8c17680c45a02b1575dc1518923ae8b0e"),
    (
      "6162636462636465636465666465666765666768666768696768696a68696a6b696a6b6c6a6b6c6d6b6c6d6e"
        + "6c6d6e6f6d6e6f706e6f7071",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func knownAnswer(message: String, digest: String) {
    #expect(SHA256.digest(of: bytes(message)).hex == digest)
  }

  @Test func millionTimesA() {
    let message = [UInt8](repeating: 0x61, count: 1_000_000)
    #expect(
      SHA256.digest(of: message).hex
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func piecesOfAnyLengthGiveTheSameHash() {
    let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let whole = SHA256.digest(of: message)
    for size in 1...130 {
      var hash = SHA256()
      for start in stride(from: 0, to: message.count, by: size) {
        hash.update(Array(message[start..<min(start + size, message.count)]))
      }
      #expect(hash.finish() == whole, "pieces of \(size) bytes")
      #expect(hash.finish() == SHA256.digest(of: []), "finishing starts anew")
    }
  }

  /// Padding changes its number of blocks between 55 and 56 bytes; the values are Python's hashlib's.
  @Test(arguments: [
    (55, "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59"),
    (56, "da2ae4d6b36748f2a318f23e7ab1dfdf45acdc9d049bd80e59de82a60895f562"),
    (63, "29af2686fd53374a36b0846694cc342177e428d1647515f078784d69cdb9e488"),
    (64, "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"),
    (119, "da18797ed7c3a777f0847f429724a2d8cd5138e6ed2895c3fa1a6d39d18f7ec6"),
  ])
  func lengthsAroundTheBlock(count: Int, digest: String) {
    #expect(SHA256.digest(of: (0..<count).map { UInt8($0) }).hex == digest)
  }
}

@Suite struct DigestTests {
  let text = "00ff10a0" + String(repeating: "5", count: 56)

  @Test func hexAndBytesRoundTrip() throws {
    let digest = try #require(Digest(hex: text))
    #expect(digest.hex == text)
    #expect(digest.bytes.count == 32 && digest.bytes.prefix(4) == [0, 0xff, 0x10, 0xa0])
    #expect(Digest(bytes: digest.bytes) == digest)
    #expect(Digest(hex: text.uppercased()) == digest)
  }

  @Test func refusesOtherLengthsAndLetters() {
    #expect(Digest(hex: String(text.dropLast())) == nil)
    #expect(Digest(hex: String(text.dropLast(2))) == nil)
    #expect(Digest(hex: text + "00") == nil)
    #expect(Digest(hex: "g" + text.dropFirst()) == nil)
    #expect(Digest(hex: "") == nil)
    #expect(Digest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
  }

  @Test func ordersAsItsText() throws {
    let digests = try (0..<32).map { place in
      var bytes = [UInt8](repeating: 0x80, count: 32)
      bytes[place] = place.isMultiple(of: 2) ? 0x7f : 0x81
      return try #require(Digest(bytes: bytes))
    }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }
}
