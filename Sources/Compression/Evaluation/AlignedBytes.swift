/// Bytes at a 64-byte boundary, as mapped files have them; never written again, so any thread may read.
final class AlignedBytes: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  init(_ source: [UInt8]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(source.count, 1), alignment: 64)
    memory.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(rebasing: memory[..<source.count])
  }

  deinit { bytes.deallocate() }
}
