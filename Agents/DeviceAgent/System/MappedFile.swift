import CPosix

/// A file's bytes as they lie on the disk, paged in when they are read; unmapped when let go.
public final class MappedFile {
  public let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  public init(_ path: String) throws(SystemError) {
    isMapped = true
    let file = try File(path, BP_READ)
    let size = try file.size()
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let length = Int(exactly: size), let address = bp_map(file.descriptor, size) else {
      throw SystemError("map", path, code: 12)
    }
    bytes = UnsafeRawBufferPointer(start: address, count: length)
  }

  /// The same for bytes that lie in no file, aligned as a mapping is for the kernels.
  public init(copying content: [UInt8]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 64)
    memory.copyBytes(from: content)
    bytes = UnsafeRawBufferPointer(memory)
    isMapped = false
  }

  deinit {
    guard let address = bytes.baseAddress else { return }
    if isMapped { bp_unmap(address, UInt64(bytes.count)) } else { bytes.deallocate() }
  }
}
