/// What happens next in virtual time; things of one moment in the order of their adding.
struct Agenda<Value> {
  private var heap: [(at: Duration, order: Int, value: Value)] = []
  private var added = 0

  var isEmpty: Bool { heap.isEmpty }

  mutating func add(_ value: Value, at moment: Duration) {
    heap.append((moment, added, value))
    added += 1
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next() -> (at: Duration, value: Value)? {
    guard let first = heap.first else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if precedes(child, least) { least = child }
      }
      if least == parent { return (first.at, first.value) }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    (heap[a].at, heap[a].order) < (heap[b].at, heap[b].order)
  }
}
