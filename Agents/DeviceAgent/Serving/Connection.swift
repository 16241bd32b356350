import AgentProtocol
import CPosix

/// Whom an answer goes to: a connection, and the number that the request came with.
struct Client: Equatable {
  var connection: UInt64
  var request: UInt64
}

/// One peer on one of the sockets.
final class Connection {
  /// Which socket it came to, and so what it may ask.
  enum Kind {
    case control
    case sensor
  }

  let number: UInt64
  let kind: Kind
  let fd: Int32
  var decoder = FrameDecoder()
  private(set) var outbox: [UInt8] = []
  private var sent = 0
  /// Nothing more is read; it closes once everything is written.
  var isEnding = false
  /// Nothing can be written any more.
  var isBroken = false
  /// Requests that were not answered yet.
  var pending = 0

  /// From a peer that lets this much of its answers pile up nothing more is read.
  static let backlog = 4 << 20

  init(number: UInt64, kind: Kind, fd: Int32) {
    self.number = number
    self.kind = kind
    self.fd = fd
    _ = bp_set_nonblocking(fd)
  }

  deinit { _ = bp_close(fd) }

  var hasOutput: Bool { sent < outbox.count }
  var wantsInput: Bool { !isEnding && outbox.count - sent < Connection.backlog }
  var isOver: Bool { isBroken || isEnding && !hasOutput && pending == 0 }

  func send(_ bytes: [UInt8]) {
    outbox += bytes
    flush()
  }

  func flush() {
    while sent < outbox.count {
      let n = outbox.withUnsafeBytes {
        bp_write(fd, $0.baseAddress! + sent, UInt64($0.count - sent))
      }
      if n == -Int64(BP_EAGAIN) { break }
      if n <= 0 {
        isBroken = true
        return
      }
      sent += Int(n)
    }
    if sent == outbox.count {
      outbox.removeAll(keepingCapacity: outbox.capacity <= 1 << 14)
      sent = 0
    }
  }

  /// Reads what is there, at most a few pieces, so that one peer cannot hold up the others.
  func receive() {
    var bytes: [UInt8] = []
    for _ in 0..<16 {
      let n = Pipe.read(fd, into: &bytes)
      if n == -Int64(BP_EAGAIN) { break }
      if n <= 0 {
        isEnding = true
        break
      }
      if n < 1 << 16 { break }
    }
    decoder.append(bytes)
  }
}
