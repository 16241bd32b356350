public import Encoding
import Foundation

/// The workspace's packages, images, probe sets and manifests, each under the name of its own hash.
///
/// An object appears whole or not at all, and is hashed again whenever it is read.
public struct Objects: Sendable {
  public let directory: String

  public init(directory: String) { self.directory = directory }

  public func path(of digest: Digest) -> String { "\(directory)/\(digest.hex).bramble" }

  public func contains(_ digest: Digest) -> Bool {
    FileManager.default.fileExists(atPath: path(of: digest))
  }

  /// Bytes; `nil` when it is not there.
  public func size(of digest: Digest) -> UInt64? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path(of: digest))
    return (attributes?[.size] as? NSNumber)?.uint64Value
  }

  /// Keeps `bytes`, safe against a crash at any moment, and gives the name that they are kept under.
  public func put(_ bytes: [UInt8]) throws(ObjectError) -> Digest {
    let digest = SHA256.digest(of: bytes)
    let final = path(of: digest)
    if let kept = try? Data(contentsOf: URL(fileURLWithPath: final)), [UInt8](kept) == bytes {
      return digest
    }
    let temporary = "\(directory)/.\(digest.hex).\(getpid()).\(UInt32.random(in: 0 ... .max))"
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw .cannotWrite(path: directory, reason: reason(error))
    }
    try write(bytes, to: temporary)
    guard rename(temporary, final) == 0 else {
      let cause = String(cString: strerror(errno))
      unlink(temporary)
      throw .cannotWrite(path: final, reason: cause)
    }
    syncDirectory()
    return digest
  }

  /// The object's bytes, once their hash was found to be its name.
  public func read(_ digest: Digest) throws(ObjectError) -> [UInt8] {
    let path = path(of: digest)
    guard contains(digest) else { throw .missing(digest) }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .cannotRead(path: path, reason: reason(error))
    }
    let bytes = [UInt8](data)
    guard SHA256.digest(of: bytes) == digest else { throw .damaged(digest, path: path) }
    return bytes
  }

  private func write(_ bytes: [UInt8], to path: String) throws(ObjectError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw fail(path) }
      written += count
    }
    if fsync(descriptor) != 0 { throw fail(path) }
  }

  private func fail(_ path: String) -> ObjectError {
    let cause = String(cString: strerror(errno))
    unlink(path)
    return .cannotWrite(path: path, reason: cause)
  }

  /// The rename is on disk once its folder is; where that cannot be asked for, the rename is still atomic.
  private func syncDirectory() {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// Why an object cannot be kept or read.
public enum ObjectError: Error, Equatable, CustomStringConvertible {
  case missing(Digest)
  case damaged(Digest, path: String)
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)

  public var description: String {
    switch self {
    case .missing(let digest):
      "the workspace has no object \(digest.hex.prefix(12)): make the variant again"
    case .damaged(let digest, let path):
      "\(path) is damaged: its hash is not \(digest.hex.prefix(12)); remove it and make the variant again"
    case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
    case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
    }
  }
}
