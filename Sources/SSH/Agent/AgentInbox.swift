import AgentProtocol

/// What has arrived from an agent and was not fetched yet.
struct AgentInbox {
  /// Frames from 1 up; 0 is nobody's.
  var nextNumber: UInt64 = 1
  /// Requests that somebody waits for.
  var awaited: Set<UInt64> = []
  /// Requests whose answers nobody wants any more.
  var abandoned: Set<UInt64> = []
  var failure: AgentError.Problem?

  private var answers: [UInt64: Response] = [:]
  private var decoder = FrameDecoder()
  private var errorOutput: [UInt8] = []
  private var errorOmitted = 0

  /// Bytes of the agent's error output that are kept for messages.
  static let errorLimit = 4096

  var errorText: DeviceText {
    DeviceText(errorOutput, limit: Self.errorLimit, omitted: errorOmitted)
  }

  mutating func takeError(_ bytes: [UInt8]) {
    let kept = bytes.prefix(Self.errorLimit - errorOutput.count)
    errorOutput += kept
    errorOmitted += bytes.count - kept.count
  }

  mutating func take(_ bytes: [UInt8]) {
    guard failure == nil else { return }
    decoder.append(bytes)
    do {
      while let content = try decoder.next() { try deliver(Frame(decoding: content)) }
    } catch {
      failure = .protocolViolation(DeviceText("\(error)").line)
    }
  }

  private mutating func deliver(_ frame: Frame<Response>) {
    if awaited.contains(frame.id) {
      answers[frame.id] = frame.payload
    } else if abandoned.remove(frame.id) == nil {
      failure = .protocolViolation("an answer to request \(frame.id), which nobody made")
    }
  }

  mutating func fetch(_ number: UInt64) -> Response? {
    guard let answer = answers.removeValue(forKey: number) else { return nil }
    awaited.remove(number)
    return answer
  }

  mutating func abandon(_ number: UInt64) {
    guard awaited.remove(number) != nil else { return }
    if answers.removeValue(forKey: number) == nil { abandoned.insert(number) }
  }
}
