import AgentProtocol
import DeviceAgent
import Encoding

/// `bramble-agent status`: one `key: value` a line.
enum StatusCommand {
  static func run(_ root: Root) -> Int32 {
    let response: Response?
    do throws(SystemError) {
      response = try ControlClient(root.controlSocket).ask(.status, milliseconds: 10_000)
    } catch {
      Output.complain("no daemon runs for \(root.path): \(error.description)")
      return 1
    }
    switch response {
    case .status(let status):
      show(status, root)
      return 0
    case .refused(let refusal):
      Output.complain(refusal.message)
      return 1
    default:
      Output.complain("the daemon of \(root.path) gave no answer")
      return 1
    }
  }

  private static func show(_ status: DeviceStatus, _ root: Root) {
    func name(_ digest: Digest?) -> String { digest?.hex ?? "none" }
    let phase =
      switch status.phase {
      case .empty: "empty"
      case .committed: "committed"
      case .onTrial: "on trial"
      }
    Output.line("root: \(root.path)")
    Output.line("version: \(Version.current)")
    Output.line("phase: \(phase)")
    Output.line("active: \(name(status.active))")
    Output.line("previous: \(name(status.previous))")
    Output.line("staged: \(name(status.staged))")
    for variant in status.quarantined { Output.line("quarantined: \(variant.hex)") }
    Output.line("epoch: \(status.epoch.number)")
    if !status.lastReversal.isEmpty { Output.line("last reversal: \(status.lastReversal)") }
    Output.line("memory of the daemon: \(status.daemonMemory / 1024) KiB")
    Output.line("memory of the model: \(status.modelMemory / 1024) KiB")
    Output.line("up: \(status.uptime / 1000) s, start \(status.starts) since the device booted")
  }
}
