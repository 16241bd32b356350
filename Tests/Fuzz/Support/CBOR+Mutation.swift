import Encoding

extension CBOR {
  /// Changes one value of the document, chosen at random.
  mutating func mutate(_ random: inout SplitMix64) {
    var place = random.below(size)
    let donor = random.below(4) == 0 ? value(at: random.below(size)) : nil
    change(at: &place, to: donor, &random)
  }

  /// Values in the document, itself included.
  private var size: Int {
    switch self {
    case .array(let elements): elements.reduce(1) { $0 + $1.size }
    case .map(let fields): fields.reduce(1) { $0 + $1.value.size }
    default: 1
    }
  }

  private var children: [CBOR] {
    switch self {
    case .array(let elements): elements
    case .map(let fields): fields.map(\.value)
    default: []
    }
  }

  private func value(at place: Int) -> CBOR {
    var rest = place - 1
    for child in children {
      if rest < child.size { return rest < 0 ? self : child.value(at: rest) }
      rest -= child.size
    }
    return self
  }

  private mutating func change(
    at place: inout Int, to donor: CBOR?, _ random: inout SplitMix64
  ) {
    if place == 0 {
      place = -1
      if let donor { self = donor } else { vary(&random) }
      return
    }
    place -= 1
    switch self {
    case .array(var elements):
      for index in elements.indices where place >= 0 {
        elements[index].change(at: &place, to: donor, &random)
      }
      self = .array(elements)
    case .map(var fields):
      for index in fields.indices where place >= 0 {
        fields[index].value.change(at: &place, to: donor, &random)
      }
      self = .map(fields)
    default: break
    }
  }

  /// Another value of the same kind, most of the time.
  private mutating func vary(_ random: inout SplitMix64) {
    switch self {
    case .unsigned(let number): self = CBOR.number(near: number, &random)
    case .negative(let number): self = random.below(2) == 0 ? .negative(number ^ 1) : .unsigned(1)
    case .float:
      let values: [Double] = [0, -1, 1e-38, 3e38, 1e300, .infinity, -.infinity, 0.5, 1 / 256]
      self = .float(values[random.below(values.count)])
    case .bool(let flag): self = .bool(!flag)
    case .null: self = .unsigned(UInt64(random.below(4)))
    case .text(let text): self = .text(random.below(2) == 0 ? text + "x" : "")
    case .bytes(let bytes): self = .bytes(bytes.dropLast() + [0])
    case .map(let fields): self = .map(fields.filter { _ in random.below(8) != 0 })
    case .array(var elements):
      guard !elements.isEmpty else { return self = .array([.unsigned(1)]) }
      let (a, b) = (random.below(elements.count), random.below(elements.count))
      switch random.below(3) {
      case 0: elements.remove(at: a)
      case 1: elements.insert(elements[b], at: a)
      default: elements.swapAt(a, b)
      }
      self = .array(elements)
    }
  }

  private static func number(near number: UInt64, _ random: inout SplitMix64) -> CBOR {
    switch random.below(8) {
    case 0: return .unsigned(number &+ 1)
    case 1: return .unsigned(number == 0 ? 1 : number - 1)
    case 2: return .unsigned(number / 2)
    case 3: return .unsigned(number &* 2)
    case 4: return .null
    case 5: return .negative(UInt64(random.below(3)))
    case 6: return .unsigned(1 << UInt64(random.below(64)))
    default: return .unsigned(UInt64(random.below(12)))
    }
  }
}
