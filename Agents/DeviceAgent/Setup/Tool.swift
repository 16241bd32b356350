import CPosix

/// A program of the system, run and waited for.
enum Tool {
  static let folders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"]

  static func path(of name: String) -> String? {
    for folder in folders where Files.exists("\(folder)/\(name)") { return "\(folder)/\(name)" }
    return nil
  }

  /// The exit status; `nil` when there is no such program or it was ended by a signal. Its output goes to the
  /// standard error, as the standard output belongs to whoever reads `setup`'s answer.
  static func run(_ name: String, _ arguments: [String]) -> Int32? {
    guard let path = path(of: name) else { return nil }
    let child = bp_fork()
    if child < 0 { return nil }
    if child == 0 {
      bp_become_child(-1)
      _ = bp_duplicate(2, 1)
      execute(path, arguments)
      bp_exit(127)
    }
    var code: Int32 = 0
    guard bp_wait(child, 0, &code) > 0, code >= 0 else { return nil }
    return code
  }

  /// Becomes the program; returns only when that fails.
  static func execute(_ path: String, _ arguments: [String]) {
    var words: [UnsafeMutablePointer<CChar>] = []
    for word in [path] + arguments {
      let bytes = Array(word.utf8)
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
      for index in bytes.indices { copy[index] = CChar(bitPattern: bytes[index]) }
      copy[bytes.count] = 0
      words.append(copy)
    }
    var pointers: [UnsafePointer<CChar>?] = words.map { UnsafePointer($0) }
    pointers.append(nil)
    _ = pointers.withUnsafeBufferPointer { bp_exec(words[0], $0.baseAddress) }
  }
}
