/// A value inside a decoded document together with the way that leads to it, so that whoever finds it wrong can say where.
///
/// The encoding being deterministic, the byte offset is worked out from the way, and only when an error needs it.
///
/// A class, so that code which goes through many fields copies and releases one word for each.
public final class CBORNode: Sendable {
  private enum Step: Sendable {
    case field(String)
    case element(Int)
  }

  public let value: CBOR
  private let parent: CBORNode?
  private let step: Step

  public init(root: CBOR) {
    value = root
    parent = nil
    step = .element(0)
  }

  private init(_ value: CBOR, in parent: CBORNode, by step: Step) {
    self.value = value
    self.parent = parent
    self.step = step
  }

  /// The error that this value is wrong for `reason`.
  @inline(never)
  public func error(_ reason: CBORError.Reason) -> CBORError {
    CBORError(reason, offset: offset, path: path)
  }

  /// Such as `tensors[3].shape`.
  public var path: String {
    guard let parent else { return "" }
    let way = parent.path
    switch step {
    case .field(let name): return way.isEmpty ? name : "\(way).\(name)"
    case .element(let index): return "\(way)[\(index)]"
    }
  }

  /// Where the value's encoding starts in the document's.
  public var offset: Int {
    guard let parent else { return 0 }
    var offset = parent.offset
    switch (step, parent.value) {
    case (.element(let index), .array(let elements)):
      offset += CBOR.headSize(UInt64(elements.count))
      for element in elements[..<index] { offset += element.encodedSize }
    case (.field(let name), .map(let fields)):
      offset += CBOR.headSize(UInt64(fields.count))
      for field in fields {
        offset += CBOR.text(field.key).encodedSize
        if field.key == name { break }
        offset += field.value.encodedSize
      }
    default: break
    }
    return offset
  }

  /// Element `index` of an array that is known to have it.
  func child(_ index: Int, _ value: CBOR) -> CBORNode {
    CBORNode(value, in: self, by: .element(index))
  }

  func child(_ name: String, _ value: CBOR) -> CBORNode {
    CBORNode(value, in: self, by: .field(name))
  }
}

extension CBOR {
  /// How many bytes the deterministic encoding has.
  var encodedSize: Int {
    switch self {
    case .unsigned(let number), .negative(let number): return CBOR.headSize(number)
    case .bytes(let bytes): return CBOR.headSize(UInt64(bytes.count)) + bytes.count
    case .text(let text): return CBOR.headSize(UInt64(text.utf8.count)) + text.utf8.count
    case .array(let elements):
      return elements.reduce(CBOR.headSize(UInt64(elements.count))) { $0 + $1.encodedSize }
    case .map(let fields):
      return fields.reduce(CBOR.headSize(UInt64(fields.count))) {
        $0 + CBOR.text($1.key).encodedSize + $1.value.encodedSize
      }
    case .bool, .null: return 1
    case .float: return encoded().count
    }
  }

  static func headSize(_ argument: UInt64) -> Int {
    switch argument {
    case 0..<24: 1
    case 24...0xff: 2
    case 0x100...0xffff: 3
    case 0x1_0000...0xffff_ffff: 5
    default: 9
    }
  }
}
