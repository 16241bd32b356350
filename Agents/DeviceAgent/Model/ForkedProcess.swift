import CPosix

/// A copy of the daemon that does one thing at the other end of a socket, and dies with the daemon.
struct ForkedProcess {
  let pid: Int32
  /// The daemon's end, which never blocks.
  let fd: Int32

  /// Runs `body` in the child with the child's end of the socket; what it returns is the exit status.
  ///
  /// - Parameter name: what the child is, for the error.
  init(_ name: String, _ body: (_ socket: Int32) -> Int32) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    let paired = ends.withUnsafeMutableBufferPointer { bp_socket_pair($0.baseAddress) }
    if paired < 0 { throw SystemError("make", "a socket pair", code: paired) }
    let daemon = bp_pid()
    let child = bp_fork()
    if child < 0 {
      _ = bp_close(ends[0])
      _ = bp_close(ends[1])
      throw SystemError("start", name, code: child)
    }
    if child == 0 {
      bp_become_child(ends[1])
      guard bp_die_with_parent(daemon) == 0 else { bp_exit(1) }
      bp_exit(body(ends[1]))
    }
    _ = bp_close(ends[1])
    pid = child
    fd = ends[0]
    _ = bp_set_nonblocking(fd)
  }
}
