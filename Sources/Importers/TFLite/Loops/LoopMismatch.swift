/// Why a loop's subgraph cannot be read.
struct LoopMismatch: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}
