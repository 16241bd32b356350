/// A command cannot go on: what was wrong and where, what to do, and the exit status that says so.
public struct Failure: Error, Equatable, CustomStringConvertible {
  public var message: String
  public var status: ExitStatus

  public init(_ message: String, status: ExitStatus = .failure) {
    self.message = message
    self.status = status
  }

  public var description: String { message }
}
