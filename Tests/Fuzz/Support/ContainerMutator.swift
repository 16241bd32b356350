import Encoding
import ModelFormat

@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int) -> Int

/// Mutates what a container holds, and writes a container around it whose lengths and checksums fit: bytes changed at
/// random would all fail at the first checksum. One mutation in sixteen is left to libFuzzer, checksums and all.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutateContainer(
  _ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: UInt32
) -> Int {
  var random = SplitMix64(state: UInt64(seed))
  let bytes = UnsafeRawBufferPointer(start: data, count: count)
  let kinds = ContainerKind.allCases
  guard random.below(16) != 0,
    let (view, kind) = kinds.lazy.compactMap({ kind in
      (try? ContainerView(bytes, kind: kind)).map { ($0, kind) }
    }).first
  else { return mutateBytes(data, count, most) }

  var header = view.header
  var blobs = (0..<view.blobCount).map { [UInt8](view.blob($0)) }
  for _ in 0...random.below(3) {
    if blobs.isEmpty || random.below(4) != 0 {
      header.mutate(&random)
    } else {
      blobs[random.below(blobs.count)].mutate(&random)
    }
  }
  let claimed = random.below(64) == 0 ? kinds[random.below(kinds.count)] : kind
  var writer = ContainerWriter(kind: claimed)
  for blob in blobs { _ = writer.add(blob) }
  let file = writer.encode(header: header)
  guard file.count <= most else { return mutateBytes(data, count, most) }
  data.update(from: file, count: file.count)
  return file.count
}

extension [UInt8] {
  /// Changes some bytes, or the length.
  fileprivate mutating func mutate(_ random: inout SplitMix64) {
    switch random.below(4) {
    case 0 where !isEmpty: removeLast(1 + random.below(Swift.min(count, 64)))
    case 1: append(contentsOf: repeatElement(0, count: [1, 4, 16, 64][random.below(4)]))
    default:
      guard !isEmpty else { return }
      for _ in 0...random.below(4) {
        self[random.below(count)] = UInt8(truncatingIfNeeded: random.next())
      }
    }
  }
}

/// A seeded generator: the same seed gives the same mutation.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
