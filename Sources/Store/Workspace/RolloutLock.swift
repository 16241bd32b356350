import Foundation

/// Keeps every other controller from running a rollout in the same workspace while it lives.
///
/// The kernel gives the lock back when the process ends, however it ends.
public final class RolloutLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  static func take(_ path: String) throws(WorkspaceError) -> RolloutLock {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .cannotCreate(path: path, reason: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = owner(descriptor)
      close(descriptor)
      if code == EWOULDBLOCK { throw .rolloutRunning(process: holder) }
      throw .cannotCreate(path: path, reason: String(cString: strerror(code)))
    }
    // Who holds it is only for the message of the one that comes second.
    let text = "\(getpid())\n"
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.utf8.count, 0) }
    return RolloutLock(descriptor: descriptor)
  }

  private static func owner(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}

extension Workspace {
  /// Taken for as long as a rollout is run, resumed or rolled back.
  public func lockRollouts() throws(WorkspaceError) -> RolloutLock {
    try RolloutLock.take(rolloutLock)
  }
}
