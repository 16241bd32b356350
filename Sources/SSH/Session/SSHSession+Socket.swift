import CLibSSH
import Foundation

extension SSHSession {
  /// Makes the TCP connection, trying a name's addresses one after the other.
  ///
  /// libssh's own way tries the first address only, and so fails where a name leads to an IPv6
  /// address that does not answer and to an IPv4 address that would.
  func connectSocket(
    host: String, port: Int,
    within limit: Limit
  ) async throws(SSHError) -> Int32 {
    let addresses = try resolve(host: host, port: port)
    var reasons: [String] = []
    for (index, candidate) in addresses.enumerated() {
      // Each address gets its share of what is left.
      let left = ContinuousClock.now.duration(to: limit.deadline)
      let share = ContinuousClock.now + left / (addresses.count - index)
      do {
        return try await connect(to: candidate, within: (share, limit.timeout))
      } catch {
        switch error.problem {
        case .unreachable(let reason): reasons.append("\(candidate.text): \(reason)")
        case .timedOut where index + 1 < addresses.count:
          reasons.append("\(candidate.text): no answer")
        default: throw error
        }
      }
    }
    throw error(.unreachable(reasons.joined(separator: ", ")))
  }

  private struct Address {
    var family: Int32
    var bytes: [UInt8]
    var text: String
  }

  private func resolve(host: String, port: Int) throws(SSHError) -> [Address] {
    var hints = addrinfo()
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &list)
    guard status == 0 else {
      throw error(.notResolved(String(cString: gai_strerror(status))))
    }
    defer { freeaddrinfo(list) }
    return sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { entry in
      guard let entry = entry?.pointee, let address = entry.ai_addr else { return nil }
      var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      getnameinfo(
        address, entry.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
      let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
      return Address(
        family: entry.ai_family, bytes: Array(bytes),
        text: String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
  }

  private func connect(
    to address: Address,
    within limit: Limit
  ) async throws(SSHError) -> Int32 {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(address.family, kind, 0)
    guard descriptor >= 0 else { throw error(.unreachable(Self.message(errno))) }
    var on: CInt = 1
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    let status = address.bytes.withUnsafeBytes {
      Foundation.connect(
        descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    if status != 0, errno != EINPROGRESS {
      let reason = Self.message(errno)
      Foundation.close(descriptor)
      throw error(.unreachable(reason))
    }
    connectingSocket = descriptor
    do throws(SSHError) {
      try await complete(within: limit) { [self] () -> Result<Void, SSHError>? in
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard Foundation.poll(&poll, 1, 0) > 0 else { return nil }
        var failure: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size)
        return failure == 0
          ? .success(()) : .failure(error(.unreachable(Self.message(failure))))
      }
    } catch {
      // `close()` may have been quicker.
      if connectingSocket == descriptor { Foundation.close(descriptor) }
      connectingSocket = -1
      throw error
    }
    connectingSocket = -1
    return descriptor
  }

  private static func message(_ code: CInt) -> String { String(cString: strerror(code)) }
}
