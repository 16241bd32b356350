/// Does one thing on many devices, a bounded number of them at a time.
public struct Fanout: Sendable {
  /// How many at most at the same time.
  public var forks: Int

  public init(forks: Int = 32) {
    precondition(forks > 0, "a fan-out needs at least one fork")
    self.forks = forks
  }

  /// Runs `operation` on every item.
  ///
  /// One item's failure never stops the others. When the task is cancelled, items that have not
  /// begun are still run, and see the cancellation themselves.
  ///
  /// - Parameter onResult: called as each item ends, one call at a time, in the order of ending.
  /// - Returns: one result an item, in the items' order.
  public func run<Item: Sendable, Value: Sendable, Failure: Error>(
    over items: [Item],
    onResult: (Int, Result<Value, Failure>) -> Void = { _, _ in },
    _ operation: @escaping @Sendable @concurrent (Item) async throws(Failure) -> Value
  ) async -> [Result<Value, Failure>] {
    await withTaskGroup(of: (Int, Result<Value, Failure>).self) { group in
      var results = [Result<Value, Failure>?](repeating: nil, count: items.count)
      var next = 0
      func begin() {
        guard next < items.count else { return }
        let index = next
        let item = items[index]
        next += 1
        group.addTask {
          do throws(Failure) { return (index, .success(try await operation(item))) } catch {
            return (index, .failure(error))
          }
        }
      }
      for _ in 0..<min(forks, items.count) { begin() }
      while let (index, result) = await group.next() {
        results[index] = result
        onResult(index, result)
        begin()
      }
      return results.map { $0! }
    }
  }
}
