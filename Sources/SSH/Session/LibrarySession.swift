import CLibSSH
import Foundation

/// libssh's session and what belongs to it, given back when nobody holds it any more.
///
/// A class of its own, so that ``SSHSession`` needs no isolated `deinit`: the optimiser of 6.3 stops
/// with "circular reference" where another module uses an actor that has one.
final class LibrarySession {
  /// `nil` once it is closed.
  private(set) var pointer: OpaquePointer?
  /// The socket before libssh has it; -1 for none.
  var connectingSocket: Int32 = -1
  private let counter: UnsafeMutablePointer<ssh_counter_struct>

  /// `nil` when the process has no memory left.
  init?() {
    guard let session = ssh_new() else { return nil }
    pointer = session
    counter = .allocate(capacity: 1)
    counter.initialize(to: ssh_counter_struct())
    ssh_set_counters(session, counter, nil)
    ssh_set_blocking(session, 0)
  }

  deinit {
    close()
    counter.deallocate()
  }

  /// Bytes that came over the socket so far.
  var bytesReceived: UInt64 { counter.pointee.in_bytes }

  /// Frees the session with its channels, and closes its socket.
  func close() {
    guard let session = pointer else { return }
    pointer = nil
    // `ssh_disconnect` would leave a socket open that was given to it; this one closes any.
    ssh_silent_disconnect(session)
    ssh_free(session)
    if connectingSocket >= 0 { Foundation.close(connectingSocket) }
    connectingSocket = -1
  }
}
