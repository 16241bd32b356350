/// Places buffers with known lifetimes in one arena: greedy by size, each at the lowest offset
/// where no placed buffer that lives at the same time is in the way (Pisarchyk and Lee, "Efficient
/// Memory Management for Deep Neural Net Inference", 2020).
struct MemoryPlan: Equatable {
  struct Buffer: Equatable {
    var bytes: Int
    /// The steps during which it holds something, both ends included.
    var lifetime: ClosedRange<Int>
  }

  static let alignment = 64
  static let limit = 1 << 29

  /// Where each buffer starts; a multiple of ``alignment``.
  private(set) var offsets: [Int]
  private(set) var arenaBytes = 0

  /// `nil` when the arena would pass ``limit``.
  init?(placing buffers: [Buffer]) {
    offsets = [Int](repeating: 0, count: buffers.count)
    var placed: [Int] = []
    for index in Self.bySize(buffers) {
      let buffer = buffers[index]
      guard buffer.bytes <= Self.limit else { return nil }
      var offset = 0
      for other in placed where buffers[other].lifetime.overlaps(buffer.lifetime) {
        if offset + buffer.bytes <= offsets[other] { break }
        offset = max(offset, Self.aligned(offsets[other] + buffers[other].bytes))
      }
      guard offset + buffer.bytes <= Self.limit else { return nil }
      offsets[index] = offset
      arenaBytes = max(arenaBytes, Self.aligned(offset + buffer.bytes))
      let position = placed.firstIndex { offsets[$0] > offset } ?? placed.count
      placed.insert(index, at: position)
    }
  }

  static func aligned(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }

  private static func bySize(_ buffers: [Buffer]) -> [Int] {
    buffers.indices.sorted {
      (buffers[$1].bytes, $0) < (buffers[$0].bytes, $1)
    }
  }
}
