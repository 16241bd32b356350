import Foundation

/// Runs a program of this machine and waits for it.
///
/// Not Foundation's `Process`, which on Linux takes a program for running as long as anything that it
/// left in the background runs.
struct Command {
  struct Result {
    var status: Int32
    var output: String
  }

  let words: [String]

  init(_ words: String...) { self.words = words }
  init(_ words: [String]) { self.words = words }

  /// Where `name` lies: in the path, or where system programs are for a user without them in the path.
  static func find(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
    return folders.map { $0 + "/" + name }.first(where: FileManager.default.isExecutableFile)
  }

  /// Standard output and error together, and the status; 128 and more for a signal, as in a shell.
  ///
  /// What the program leaves running does not hold this up: output goes to a file, input is empty.
  @discardableResult
  func run() throws(LabError) -> Result {
    guard let program = words[0].contains("/") ? words[0] : Self.find(words[0]) else {
      throw .missingProgram(words[0])
    }
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("bramble-lab-output-\(UUID().uuidString)").path
    defer { unlink(file) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A server that goes on running must not hold this program's pipes and sockets open.
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for number in open.compactMap({ Int32($0) }) where number > 2 {
      posix_spawn_file_actions_addclose(&actions, number)
    }
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var id: pid_t = 0
    let refusal = posix_spawn(&id, program, &actions, nil, &arguments, environ)
    guard refusal == 0 else {
      throw .commandFailed(
        command: words.joined(separator: " "), status: -1,
        output: String(cString: strerror(refusal)))
    }
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    let output = FileManager.default.contents(atPath: file) ?? Data()
    return Result(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
      output: String(decoding: output, as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Like ``run()``, but any status other than 0 is an error.
  @discardableResult
  func check() throws(LabError) -> String {
    let result = try run()
    guard result.status == 0 else {
      throw .commandFailed(
        command: words.joined(separator: " "), status: result.status, output: result.output)
    }
    return result.output
  }
}
