/// Runs `body` over `items`, at most `limit` at once, and returns the results in the items' order.
func concurrently<Item: Sendable, Result: Sendable>(
  _ items: [Item], limit: Int, _ body: @escaping @Sendable (Item) async -> Result
) async -> [Result] {
  await withTaskGroup(of: (Int, Result).self) { group in
    var results = [Result?](repeating: nil, count: items.count)
    var next = 0
    func startOne() {
      guard next < items.count else { return }
      let index = next
      let item = items[index]
      group.addTask { (index, await body(item)) }
      next += 1
    }
    for _ in 0..<max(limit, 1) { startOne() }
    for await (index, result) in group {
      results[index] = result
      startOne()
    }
    return results.compactMap { $0 }
  }
}
