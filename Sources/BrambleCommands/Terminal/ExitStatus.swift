/// What a command tells the shell. The numbers are part of the interface; see `bramble --help`.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Done; for a rollout: promoted.
  case success = 0
  /// Something went wrong and the message says what.
  case failure = 1
  /// The command line itself is wrong.
  case usage = 2
  /// The gate broke, or the operator asked: every touched device is back on its previous variant.
  case rolledBack = 3
  /// Some devices could not be reached or ended otherwise than the rest.
  case partial = 4
  /// The evidence did not suffice for a verdict.
  case inconclusive = 5
  /// A damaged or foreign object, or a host key that is unknown or has changed.
  case integrity = 6
  /// Ended by Ctrl-C; what was begun can be taken up again.
  case interrupted = 130
}
