/// Finds the frames in a stream of bytes that arrives in pieces of any length.
public struct FrameDecoder: Sendable {
  private var buffer: [UInt8] = []
  private var start = 0
  private var failure: FrameError? = nil

  public init() {}

  /// Bytes that wait for the rest of their frame.
  public var pendingByteCount: Int { buffer.count - start }

  /// Takes in the next piece. Call ``next()`` until it gives `nil` before the next one.
  public mutating func append(_ bytes: [UInt8]) { buffer += bytes }

  /// Takes in the next piece.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(contentsOf: bytes) }

  /// The content of the next whole frame, without its length; `nil` while it is not all there. After an error, always
  /// that error.
  public mutating func next() throws(FrameError) -> [UInt8]? {
    if let failure { throw failure }
    guard pendingByteCount >= 4 else {
      compact()
      return nil
    }
    var length: UInt32 = 0
    for index in start..<start + 4 { length = length << 8 | UInt32(buffer[index]) }
    if length == 0 { throw fail(.empty) }
    guard length <= UInt32(ProtocolLimits.frame) else { throw fail(.tooLong(UInt64(length))) }
    let end = start + 4 + Int(length)
    guard buffer.count >= end else {
      compact()
      return nil
    }
    let content = [UInt8](buffer[start + 4..<end])
    start = end
    return content
  }

  private mutating func fail(_ error: FrameError) -> FrameError {
    failure = error
    buffer = []
    start = 0
    return error
  }

  /// Drops what was given out already.
  private mutating func compact() {
    guard start > 0 else { return }
    buffer.removeFirst(start)
    start = 0
  }
}
