import AgentProtocol
import CPosix
import Encoding

/// An upload of which pieces came in this daemon's life.
struct Upload {
  var object: Digest
  var total: UInt64
  var received: UInt64
  var hash: SHA256
  var file: File
}

extension ObjectStore {
  /// The most bytes that one object may have.
  static let objectLimit: UInt64 = 256 << 20

  /// Takes one piece of an object. Pieces that are there already are passed over, so that a piece may be sent
  /// again. After the last piece the hash is checked and the object appears.
  ///
  /// - Returns: how many bytes of the object are there.
  func receive(
    _ object: Digest, total: UInt64, offset: UInt64, bytes: [UInt8], pinned: [Digest]
  ) throws(Refusal) -> UInt64 {
    if let size = Files.size(of: path(of: object)) { return size }
    guard total <= ObjectStore.objectLimit, offset <= total,
      UInt64(bytes.count) <= total - offset
    else {
      throw Refusal(
        .malformed, "a piece at \(offset) of \(bytes.count) bytes is no part of \(total) bytes")
    }
    var upload: Upload
    do throws(SystemError) {
      upload = try open(object, total: total, pinned: pinned)
    } catch {
      throw clean(object, total, error)
    }
    guard upload.total == total, offset <= upload.received else {
      uploads.append(upload)
      throw Refusal(
        .malformed, "pieces arrive in order: the next one starts at \(upload.received)")
    }
    do throws(SystemError) {
      let known = upload.received - offset
      if known < UInt64(bytes.count) {
        let news = known == 0 ? bytes : Array(bytes[Int(known)...])
        try upload.file.write(news, at: upload.received)
        upload.hash.update(news)
        upload.received += UInt64(news.count)
      }
      if upload.received < total {
        uploads.append(upload)
        return upload.received
      }
      try finish(upload)
      return total
    } catch {
      throw clean(object, total, error)
    }
  }

  /// Takes the upload out of the table, or goes on with what an earlier life of the daemon left.
  private func open(
    _ object: Digest, total: UInt64, pinned: [Digest]
  ) throws(SystemError) -> Upload {
    if let index = uploads.firstIndex(where: { $0.object == object }) {
      return uploads.remove(at: index)
    }
    if uploads.count >= ObjectStore.uploadLimit { uploads.removeFirst() }
    let file = try File(partPath(of: object), BP_READ | BP_WRITE | BP_CREATE)
    var received = try file.size()
    if received > total {
      try file.truncate(to: 0)
      received = 0
    }
    if try Files.freeSpace(folder) < total - received + ObjectStore.spare {
      try prune(keeping: pinned, everything: true)
    }
    guard try Files.freeSpace(folder) >= total - received + ObjectStore.spare else {
      throw SystemError("store", object.short, code: BP_ENOSPC)
    }
    try file.reserve(total, keepSize: true)
    var hash = SHA256()
    var offset: UInt64 = 0
    while offset < received {
      let piece = try file.read(1 << 16, at: offset)
      if piece.isEmpty { break }
      hash.update(piece)
      offset += UInt64(piece.count)
    }
    return Upload(object: object, total: total, received: received, hash: hash, file: file)
  }

  /// Checks the hash and gives the object its name.
  private func finish(_ upload: Upload) throws(SystemError) {
    var hash = upload.hash
    guard hash.finish() == upload.object else {
      throw SystemError("verify", upload.object.hex, code: BP_EBADMSG)
    }
    try upload.file.sync()
    try Files.rename(partPath(of: upload.object), to: path(of: upload.object))
    fresh.append(upload.object)
  }

  /// Removes what cannot be completed, and says why it cannot.
  private func clean(_ object: Digest, _ total: UInt64, _ error: SystemError) -> Refusal {
    var message = error.description
    do throws(SystemError) {
      try Files.remove(partPath(of: object))
    } catch {
      message += "; \(error)"
    }
    if error.code == BP_EBADMSG {
      return Refusal(
        .damagedObject, "the \(total) bytes received do not hash to \(object.hex); send them again")
    }
    if error.isFull {
      return Refusal(
        .diskFull,
        "no room for \(total) bytes and a spare of \(ObjectStore.spare); free some on the device")
    }
    return Refusal(.internalFailure, message)
  }
}
