/// Names a channel of its session.
struct ChannelID: Hashable, Sendable {
  var number: UInt64
}

/// A command's stream within a session, as the session sees it.
struct Channel {
  /// libssh's channel.
  var pointer: OpaquePointer
  /// Who may write next: writers take turns, so that what each has to say stays in one piece.
  var writers: [UInt64] = []
  var nextWriter: UInt64 = 1
  /// What an agent on the other side has answered.
  var agent: AgentInbox?
}
