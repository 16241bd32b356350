import Foundation

#if canImport(Glibc)
  private let stream = Int32(SOCK_STREAM.rawValue)
#else
  private let stream = SOCK_STREAM
#endif

/// Accepts TCP connections, by its backlog, and never says a word.
final class SilentListener {
  let port: Int
  private let descriptor: Int32

  init() throws {
    (descriptor, port) = try bindAnyPort()
    guard listen(descriptor, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
  }

  deinit { close(descriptor) }
}

/// A port that nobody listened on a moment ago.
func freePort() throws -> Int {
  let (descriptor, port) = try bindAnyPort()
  close(descriptor)
  return port
}

func canConnect(port: Int) -> Bool {
  let descriptor = socket(AF_INET, stream, 0)
  defer { close(descriptor) }
  return withLoopback(port: port) { connect(descriptor, $0, $1) } == 0
}

private func bindAnyPort() throws -> (descriptor: Int32, port: Int) {
  let descriptor = socket(AF_INET, stream, 0)
  guard withLoopback(port: 0, { bind(descriptor, $0, $1) }) == 0 else {
    throw POSIXError(.EADDRINUSE)
  }
  var address = sockaddr_in()
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  _ = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
  }
  return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}

private func withLoopback(
  port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}
