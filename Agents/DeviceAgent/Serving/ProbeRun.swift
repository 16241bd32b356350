import AgentProtocol
import CPosix
import Encoding
import ModelFormat

/// How far the probe set has come over the runs that one controller asks for in one trial.
///
/// A controller asks in small batches; each goes on where the last one ended, and the accuracy
/// floor is held against whole passes alone, as a set may be ordered by class.
struct ProbeProgress {
  let variant: Digest
  let epoch: Epoch
  var position = 0
  var predictions: UInt64 = 0
  var correct: UInt64 = 0
}

/// A run of the probe set, one prediction at a time, around and around until enough were made.
struct ProbeRun {
  let variant: Digest
  let client: Client
  let wanted: UInt64
  private let windows: [Float]
  private let labels: [UInt64]
  private let windowCount: Int
  private(set) var position: Int
  var setCount: UInt64 { UInt64(labels.count) }
  var predictions: UInt64 = 0
  var correct: UInt64 = 0
  var misses: UInt64 = 0
  var failures: UInt64 = 0

  /// - Parameter position: the window to begin with, modulo the set's size.
  init(_ variant: Digest, _ set: ProbeSet, from position: Int, wanted: UInt64, client: Client) {
    self.position = set.labels.isEmpty ? 0 : position % set.labels.count
    self.variant = variant
    self.client = client
    self.wanted = wanted
    windows = set.windows
    labels = set.labels.map { UInt64($0) }
    windowCount = labels.isEmpty ? 0 : set.windows.count / labels.count
  }

  /// The next window as a job that arrives now.
  mutating func next() -> Job? {
    guard predictions < wanted, !labels.isEmpty else { return nil }
    let index = position
    position = (position + 1) % labels.count
    var input: [UInt8] = []
    input.reserveCapacity(windowCount * 4)
    for value in windows[index * windowCount..<(index + 1) * windowCount] {
      let bits = value.bitPattern
      for shift in [0, 8, 16, 24] as [UInt32] {
        input.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
    }
    return Job(
      source: .probe, input: input, arrived: bp_boot_time(), client: nil, expected: labels[index])
  }

  var outcome: ProbeOutcome {
    ProbeOutcome(variant: variant, predictions: predictions, correct: correct, misses: misses)
  }
}
