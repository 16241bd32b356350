import Foundation

/// A child process.
///
/// Not Foundation's: that one learns of a child's end through a socket which children started at the
/// same time inherit, so that it waits for the longest-lived of them.
struct ChildProcess: Sendable {
  let id: pid_t

  init(_ path: String, _ arguments: [String], output: String = "/dev/null") throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var id = pid_t()
    guard posix_spawn(&id, path, &actions, nil, &words, environ) == 0 else {
      throw ProgramFailed(path: path, output: String(cString: strerror(errno)))
    }
    self.id = id
  }

  /// Waits for its end and gives its exit status.
  @discardableResult
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : -1
  }

  /// Ends it and everything below it.
  func end() {
    for process in descendants(of: id) + [id] { kill(process, SIGKILL) }
    wait()
  }
}

/// Runs a program to its end and gives what it wrote.
func output(of path: String, _ arguments: [String]) throws -> String {
  let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  defer { try? FileManager.default.removeItem(at: file) }
  let status = try ChildProcess(path, arguments, output: file.path).wait()
  let text = try String(contentsOf: file, encoding: .utf8)
  guard status == 0 else { throw ProgramFailed(path: path, output: text) }
  return text
}

struct ProgramFailed: Error {
  var path: String
  var output: String
}

/// All processes below one, from /proc.
func descendants(of root: Int32) -> [Int32] {
  var children: [Int32: [Int32]] = [:]
  for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
    guard let process = Int32(name),
      let stat = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
      // After the name in parentheses: state, parent, ...
      let rest = stat.split(separator: ") ").last?.split(separator: " "), rest.count > 1,
      let parent = Int32(rest[1])
    else { continue }
    children[parent, default: []].append(process)
  }
  var found: [Int32] = []
  var queue = [root]
  while let next = queue.popLast() {
    let more = children[next] ?? []
    found += more
    queue += more
  }
  return found
}
