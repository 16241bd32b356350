/// One word of a shell command, whatever characters it holds.
public struct ShellWord: Hashable, Sendable, CustomStringConvertible {
  /// The word within single quotes, as a POSIX shell reads it.
  public let description: String

  public init(_ text: some StringProtocol) {
    description =
      "'"
      + text.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}
