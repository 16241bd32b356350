/// How the agent is called on a device, wherever it was installed.
enum AgentCommand {
  /// The command for `arguments`, for any login shell: it tries the places where an agent may lie.
  static func line(_ arguments: String) -> String {
    "exec sh -c " + ShellWord(script(arguments)).description
  }

  private static func script(_ arguments: String) -> String {
    """
    for a in "${BRAMBLE_ROOT:-/var/lib/bramble}/bin/bramble-agent" \
    "$HOME/.bramble/bin/bramble-agent" /usr/local/bin/bramble-agent; do \
    [ -x "$a" ] && exec "$a" \(arguments); done; exit \(notInstalled)
    """
  }

  /// A status that neither a shell nor the agent gives.
  private static let notInstalled = 119

  static func problem(status: ExitStatus, said text: DeviceText) -> AgentError.Problem {
    switch status {
    case .exited(notInstalled): .notInstalled
    default: .ended(status, said: text)
    }
  }
}
