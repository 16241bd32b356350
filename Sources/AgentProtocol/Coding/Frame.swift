public import Encoding

/// One message on a byte stream: its length in four bytes, big-endian, then canonical CBOR `[id, kind, body]`.
public struct Frame<Payload: Message> {
  /// Chosen by whoever asks; the answer carries the same number.
  public var id: UInt64
  public var payload: Payload

  public init(id: UInt64, payload: Payload) {
    self.id = id
    self.payload = payload
  }

  /// The frame with its length, ready to be written.
  public func encoded() throws(FrameError) -> [UInt8] {
    let content = CBOR.array([.unsigned(id), .unsigned(payload.kind), payload.body])
    var bytes: [UInt8] = [0, 0, 0, 0]
    content.append(to: &bytes)
    let length = bytes.count - 4
    guard length <= ProtocolLimits.frame else { throw FrameError.tooLong(UInt64(length)) }
    for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index)) }
    return bytes
  }

  /// From what ``FrameDecoder/next()`` gives.
  public init(decoding bytes: [UInt8]) throws(MessageError) {
    var id: UInt64? = nil
    do throws(CBORError) {
      let content = try CBOR.decode(bytes, maximumItems: Payload.maximumItems)
      let parts = try CBORNode(root: content).elements(count: 3)
      let number = try parts[0].unsigned()
      id = number
      self.init(id: number, payload: try Payload(kind: parts[1], body: parts[2]))
    } catch {
      throw MessageError(id: id, error: error)
    }
  }
}

extension Frame: Sendable where Payload: Sendable {}
extension Frame: Equatable where Payload: Equatable {}

/// A frame whose content is not a message.
public struct MessageError: Error, Equatable, Sendable {
  /// The frame's number, where at least that could be read: what to answer to.
  public var id: UInt64?
  public var error: CBORError

  public init(id: UInt64?, error: CBORError) {
    self.id = id
    self.error = error
  }
}

/// A length that no frame has. Where the next frame starts is then unknown: the stream must be closed.
public enum FrameError: Error, Equatable, Sendable {
  case tooLong(UInt64)
  case empty
}

extension FrameError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooLong(let length):
      "a frame of \(length) bytes is longer than the \(ProtocolLimits.frame) allowed"
    case .empty: "a frame without content"
    }
  }
}

extension MessageError: CustomStringConvertible {
  public var description: String { "message not understood: \(error.description)" }
}
