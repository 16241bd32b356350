/// Moments at which something is due, earliest first: a binary heap.
struct DueQueue<Value: Sendable>: Sendable {
  private var heap: [(at: Duration, order: Int, value: Value)] = []
  private var added = 0

  var earliest: Duration? { heap.first?.at }

  mutating func add(_ value: Value, at moment: Duration) {
    heap.append((moment, added, value))
    added += 1
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The earliest value, when it is due; values due at the same moment come in the order of their adding.
  mutating func next(dueBy now: Duration) -> Value? {
    guard let first = heap.first, first.at <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if precedes(child, least) { least = child }
      }
      if least == parent { return first.value }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    (heap[a].at, heap[a].order) < (heap[b].at, heap[b].order)
  }
}
