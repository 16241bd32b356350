import Encoding
import Foundation

/// Puts the agent on a device, or brings it up to date.
///
/// The device needs a shell, `uname`, `cat`, `chmod`, `mv` and `rm`; where there is `sha256sum` the transfer
/// is checked with it, else by its length. Whatever else an installation takes, the agent does itself
/// by its `setup` command: as root where we are root or may become it by `sudo -n`, else in the home
/// folder.
public struct AgentInstaller: Sendable {
  public var binaries: AgentBinaries

  public init(binaries: AgentBinaries) { self.binaries = binaries }

  public enum Step: Sendable, Hashable {
    case looking
    case sending(bytes: Int)
    case settingUp
  }

  /// What was installed.
  public struct Installation: Sendable, Hashable {
    /// As the device's `uname -m` says.
    public var machine: String
    /// The folder that the agent keeps everything in.
    public var root: String
    /// `systemd`, or `own` where the agent keeps itself running.
    public var supervisor: String
    /// What telemetry of this device is keyed by.
    public var identifier: String
    public var version: String
  }

  public func install(
    over session: SSHSession, progress: (Step) -> Void = { _ in }
  ) async throws(AgentError) -> Installation {
    progress(.looking)
    let machine = try await Self.run("uname -m", "look at the device", over: session)
    guard let path = binaries.path(forMachine: machine) else {
      throw await session.installation("there is no agent for a machine of kind '\(machine)'")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw await session.installation(
        "the agent for \(machine) is not at \(path); build it with `make agents`")
    }
    progress(.sending(bytes: data.count))
    let file = try await Self.send([UInt8](data), over: session)
    progress(.settingUp)
    let report = try await Self.run(Self.setup(file), "set the agent up", over: session)
    let values = Self.values(in: report)
    guard let root = values["root"], let identifier = values["installation"] else {
      throw await session.installation("its setup reported nothing: \(report)")
    }
    return Installation(
      machine: machine, root: root, supervisor: values["supervisor"] ?? "",
      identifier: identifier, version: values["version"] ?? "")
  }

  /// Brings the bytes into the home folder, checks them and makes them an executable.
  ///
  /// - Returns: the file's name as a word of the device's shell.
  private static func send(
    _ bytes: [UInt8], over session: SSHSession
  ) async throws(AgentError) -> String {
    // Names differ, so that two installations at once don't write one file. What ends in .new, the
    // agent's setup removes once it has copied itself.
    let name = "\"$HOME\"/.bramble-agent-\(UUID().uuidString.prefix(8))"
    do throws(AgentError) {
      _ = try await run("umask 077; cat > \(name)", "send it", bytes, over: session)
      let sum = try await run(check(name), "check what was sent", over: session)
      let expected = [SHA256.digest(of: bytes).hex, "\(bytes.count) bytes"]
      guard expected.contains(sum) else {
        throw await session.installation("what arrived is not what was sent (\(sum)); try again")
      }
      let final = "\(name).new"
      _ = try await run("chmod 755 \(name) && mv \(name) \(final)", "name it", over: session)
      return final
    } catch {
      // Nothing else is known to be there; when this fails too, the first failure says why.
      _ = try? await run("rm -f \(name)", "remove what was sent", over: session)
      throw error
    }
  }

  /// Prints the file's SHA-256, or its length where the device can't hash.
  private static func check(_ name: String) -> String {
    """
    if command -v sha256sum >/dev/null; then set -- $(sha256sum < \(name)); echo "$1"; \
    else set -- $(cat \(name) | wc -c); echo "$1 bytes"; fi
    """
  }

  /// Calls the agent's `setup` with the most that we may. A root folder that the environment asks for
  /// is kept, which `sudo` would not do.
  private static func setup(_ file: String) -> String {
    """
    if [ -z "$BRAMBLE_ROOT" ] && [ ! -w /etc ] && command -v sudo >/dev/null \
    && sudo -n true 2>/dev/null; then sudo -n \(file) setup; else \(file) setup; fi; \
    s=$?; rm -f \(file); exit $s
    """
  }

  /// Runs a script and gives its standard output in one line less.
  private static func run(
    _ script: String, _ purpose: String, _ input: [UInt8] = [], over session: SSHSession
  ) async throws(AgentError) -> String {
    let result: CommandResult
    do {
      result = try await session.run(
        sh(script), input: input, outputLimit: 64 << 10, total: .seconds(600))
    } catch { throw AgentError(error) }
    guard result.status.isSuccess else {
      let said = result.errorText.isEmpty ? result.status.description : result.errorText.line
      throw await session.installation("could not \(purpose): \(said)")
    }
    return result.text.description
  }

  /// For any login shell.
  private static func sh(_ script: String) -> String { "exec sh -c \(ShellWord(script))" }

  private static func values(in report: String) -> [String: String] {
    let pairs = report.split(separator: "\n").compactMap { line -> (String, String)? in
      let parts = line.split(separator: "=", maxSplits: 1)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
    return Dictionary(pairs) { first, _ in first }
  }
}

extension SSHSession {
  fileprivate func installation(_ reason: String) -> AgentError {
    agentError(.installation(reason))
  }
}
