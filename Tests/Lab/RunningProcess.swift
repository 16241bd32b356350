import Foundation

/// A process of this machine, told from a later one with the same number by when it started.
struct RunningProcess: Codable, Hashable, Sendable {
  let id: Int32
  /// Clock ticks since boot, field 22 of `/proc/ID/stat`.
  let started: UInt64

  init?(id: Int32) {
    guard let started = Self.fields(of: id)?.started else { return nil }
    self.id = id
    self.started = started
  }

  static var current: RunningProcess? { RunningProcess(id: getpid()) }

  /// Still there, and not merely waiting to be reaped.
  var isAlive: Bool {
    guard let now = Self.fields(of: id) else { return false }
    return now.started == started && now.state != "Z"
  }

  var parent: Int32? { Self.fields(of: id)?.parent }
  var name: String {
    let text = try? String(contentsOfFile: "/proc/\(id)/comm", encoding: .utf8)
    return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  }

  var arguments: [String] { Self.strings("/proc/\(id)/cmdline") }

  func environment(contains entry: String) -> Bool {
    Self.strings("/proc/\(id)/environ").contains(entry)
  }

  /// Names the process's own view of process numbers; alike for all processes of one device.
  var processNamespace: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/ns/pid")
  }

  func signal(_ number: Int32) {
    if isAlive { kill(id, number) }
  }

  static var all: [RunningProcess] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.compactMap(RunningProcess.init(id:))
  }

  /// The processes that `id` started, and those that they started.
  static func descendants(of id: Int32) -> [RunningProcess] {
    let processes = all.map { (process: $0, parent: $0.parent) }
    var found: [RunningProcess] = []
    var frontier: Set<Int32> = [id]
    while !frontier.isEmpty {
      let next = processes.filter { $0.parent.map(frontier.contains) ?? false }.map(\.process)
      found += next
      frontier = Set(next.map(\.id))
    }
    return found
  }

  private static func fields(of id: Int32) -> (state: String, parent: Int32, started: UInt64)? {
    guard let line = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let end = line.lastIndex(of: ")")
    else { return nil }
    let rest = line[line.index(after: end)...].split(separator: " ")
    guard rest.count > 19, let parent = Int32(rest[1]), let started = UInt64(rest[19]) else {
      return nil
    }
    return (String(rest[0]), parent, started)
  }

  private static func strings(_ path: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}
