public import AgentProtocol
public import Encoding

/// What can happen to the slots.
public enum SlotEvent: Equatable, Sendable {
  /// The daemon starts. `bootIdentifier` is the kernel's.
  case started(bootIdentifier: String)
  /// The files of a variant are there and verified.
  case staged(Digest, epoch: Epoch)
  case activate(Digest, terms: TrialTerms, epoch: Epoch)
  case commit(Digest, epoch: Epoch)
  case revert(reason: String, epoch: Epoch)
  case keepAlive(epoch: Epoch)
  /// A run of the probe set is complete.
  case probed(Digest, predictions: UInt64, correct: UInt64)
  /// The model's process died, hung or ran out of memory.
  case modelFailed(Digest, reason: String)
  /// The files of a variant are not what they were.
  case damaged(Digest, reason: String)
  /// Monotonic time went by.
  case elapsed(milliseconds: UInt64)
}

/// What is to be done, in this order, after the new state was saved.
public enum SlotEffect: Equatable, Sendable {
  /// This variant, and no other, must run.
  case run(Digest?)
  case record(TelemetryEvent)
  /// Files of variants that are no longer pinned may go.
  case prune
  /// The command was carried out.
  case done
  /// The command was not carried out and nothing changed.
  case refuse(Refusal)
}
