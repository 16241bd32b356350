public import Encoding

/// What the controller asks of an agent, over `bramble-agent rpc`.
///
/// Commands that change a device carry a ``Epoch``; the agent refuses one that is older than the
/// newest it has seen. Every command may be sent again after a lost connection: it then does
/// nothing twice.
public enum Request: Equatable, Sendable {
  /// First on every connection. Answer: `.hello`.
  case hello(protocolVersion: UInt64)
  /// Answer: `.status`.
  case status
  /// How much of each object the agent already holds. Answer: `.holdings`, in the same order.
  case holdings([Digest])
  /// One piece of an object; pieces arrive in order. Answer: `.received`.
  case upload(object: Digest, totalBytes: UInt64, offset: UInt64, bytes: [UInt8])
  /// Makes the variant whose manifest has this digest ready: its image prepared, verified and pinned. Answer: `.done`.
  case stage(variant: Digest, epoch: Epoch)
  /// Starts a trial of a staged variant. Answer: `.done`.
  case activate(variant: Digest, terms: TrialTerms, epoch: Epoch)
  /// Runs the probe set of the active variant until `predictions` were made. Answer: `.probe`, when done.
  case probe(variant: Digest, predictions: UInt64, epoch: Epoch)
  /// The trial is over and the variant trusted. Answer: `.done`.
  case commit(variant: Digest, epoch: Epoch)
  /// Back to the previous variant. Answer: `.done`.
  case revert(reason: String, epoch: Epoch)
  /// A word from the controller, so that the dead-man time starts anew. Answer: `.done`.
  case keepAlive(epoch: Epoch)
  /// Journal records after `position`, oldest first, at most `maximumBytes`. Answer: `.telemetry`.
  case collect(after: JournalPosition?, maximumBytes: UInt64)
  /// Everything up to and with `position` is stored on the controller and may be dropped. Answer: `.done`.
  case acknowledge(JournalPosition)
  /// One prediction by the active variant, float32 little-endian. Answer: `.prediction`.
  case predict(input: [UInt8])
  /// The true label of an earlier prediction. Answer: `.done`.
  case feedback(prediction: PredictionID, label: UInt64)
  /// Measures each layer of a variant whose manifest and image are there, in a process of its own: at most
  /// `runs` runs, begun within `milliseconds`. Changes nothing. Answer: `.profile`. An agent
  /// that does not know it yet refuses it as malformed.
  case profile(variant: Digest, runs: UInt64, milliseconds: UInt64)
}

/// Which rollout speaks: a later rollout has a greater number. Zero is the operator's own command.
public struct Epoch: Hashable, Comparable, Sendable {
  public var number: UInt64

  public init(_ number: UInt64) { self.number = number }
  public static func < (a: Epoch, b: Epoch) -> Bool { a.number < b.number }
}

/// What a trial must hold to, on the device alone if need be.
public struct TrialTerms: Equatable, Sendable {
  /// Request to answer, in microseconds.
  public var budget: UInt64
  /// The lowest share of probe windows that may be right, in thousandths; 0 asks nothing.
  public var accuracyFloor: UInt64
  /// The device reverts by itself when it hears nothing from the controller this long, in milliseconds of monotonic time.
  public var deadMan: UInt64
  /// A prediction that runs longer than this is ended and the child with it, in microseconds.
  public var hangLimit: UInt64

  public init(budget: UInt64, accuracyFloor: UInt64, deadMan: UInt64, hangLimit: UInt64) {
    self.budget = budget
    self.accuracyFloor = accuracyFloor
    self.deadMan = deadMan
    self.hangLimit = hangLimit
  }
}
