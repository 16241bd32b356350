import AgentProtocol
import Foundation
import SSH

/// What a device says of itself: by its agent, or by its shell where no agent runs yet.
enum FactProbe {
  /// Throws when the device cannot be asked at all; a missing agent is no error.
  static func facts(over session: SSHSession) async throws -> Facts {
    do throws(AgentError) {
      let agent = try await AgentConnection.open(over: session)
      await agent.close()
      return agent.facts
    } catch {
      switch error.problem {
      case .notInstalled, .daemonNotRunning, .ended, .unsupportedProtocol, .unsupportedRequest:
        return try await shellFacts(over: session)
      default: throw error
      }
    }
  }

  /// Nothing here needs more than a POSIX shell; what a device has not is left empty.
  private static let script = """
    echo "machine=$(uname -m)"; echo "kernel=$(uname -r)"; \
    echo "cores=$(grep -c '^processor' /proc/cpuinfo 2>/dev/null)"; \
    echo "memory=$(sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo 2>/dev/null)"; \
    echo "system=$(sed -n 's/^PRETTY_NAME="*\\([^"]*\\)"*/\\1/p' /etc/os-release 2>/dev/null)"; \
    echo "board=$(tr -d '\\000' < /proc/device-tree/model 2>/dev/null)"; \
    echo "serial=$(tr -d '\\000' < /proc/device-tree/serial-number 2>/dev/null)"
    """

  private static func shellFacts(over session: SSHSession) async throws -> Facts {
    let result = try await session.run(
      "exec sh -c \(ShellWord(script))", outputLimit: 16 << 10, total: .seconds(30))
    return parse(result.text.description)
  }

  /// Reads `key=value` lines.
  static func parse(_ text: String) -> Facts {
    let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
      guard let equals = line.firstIndex(of: "=") else { return nil }
      let value = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
      return (String(line[..<equals]), value)
    }
    let values = Dictionary(pairs) { first, _ in first }
    return Facts(
      installation: "", agentVersion: "", architecture: values["machine"] ?? "",
      board: values["board"] ?? "", serial: values["serial"] ?? "", core: "",
      coreCount: values["cores"].flatMap(UInt64.init) ?? 0, isaFlags: [], deviceClass: "",
      memory: (values["memory"].flatMap(UInt64.init) ?? 0) * 1024,
      operatingSystem: values["system"] ?? "", kernel: values["kernel"] ?? "", freeDisk: 0)
  }
}
