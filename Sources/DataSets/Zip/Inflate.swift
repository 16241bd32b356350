/// Decompresses DEFLATE (RFC 1951) into exactly as many bytes as the caller says.
struct Inflate {
  struct Failure: Error, Equatable {
    let fault: String
    /// Bytes from the start of the compressed data.
    let offset: Int
  }

  private let input: ArraySlice<UInt8>
  private var position: Int
  private var bits: UInt32 = 0
  private var bitCount: UInt32 = 0
  private var output: [UInt8] = []
  private let size: Int

  /// The `size` bytes that `input` holds; input or output left over is a fault.
  static func bytes(_ input: ArraySlice<UInt8>, size: Int) throws(Failure) -> [UInt8] {
    var inflate = Inflate(input: input, size: size)
    var isLast = false
    while !isLast {
      isLast = try inflate.take(1) == 1
      switch try inflate.take(2) {
      case 0: try inflate.stored()
      case 1: try inflate.compressed(.fixedLiterals, .fixedDistances)
      case 2: try inflate.dynamic()
      default: throw inflate.failure("a block of reserved type")
      }
    }
    guard inflate.output.count == size else {
      throw inflate.failure("\(inflate.output.count) bytes where \(size) are declared")
    }
    guard inflate.position == input.endIndex else { throw inflate.failure("bytes left over") }
    return inflate.output
  }

  private init(input: ArraySlice<UInt8>, size: Int) {
    self.input = input
    position = input.startIndex
    self.size = size
    // The declared size may be a lie: memory grows with what is really there.
    output.reserveCapacity(min(size, input.count * 4))
  }

  private func failure(_ fault: String) -> Failure {
    Failure(fault: fault, offset: position - input.startIndex)
  }

  private mutating func take(_ count: UInt32) throws(Failure) -> Int {
    while bitCount < count {
      guard position < input.endIndex else { throw failure("the compressed data ends too early") }
      bits |= UInt32(input[position]) << bitCount
      position += 1
      bitCount += 8
    }
    let value = bits & ((1 << count) - 1)
    bits >>= count
    bitCount -= count
    return Int(value)
  }

  private mutating func emit(_ byte: UInt8) throws(Failure) {
    guard output.count < size else { throw failure("more than the \(size) bytes declared") }
    output.append(byte)
  }

  private mutating func stored() throws(Failure) {
    bits = 0
    bitCount = 0
    let length = try take(16)
    guard try take(16) == ~length & 0xffff else { throw failure("a damaged stored block") }
    guard input.endIndex - position >= length else {
      throw failure("the compressed data ends too early")
    }
    for byte in input[position..<position + length] { try emit(byte) }
    position += length
  }

  private mutating func symbol(_ code: HuffmanCode) throws(Failure) -> Int {
    var prefix = 0
    var first = 0
    var index = 0
    for length in 1...HuffmanCode.maximumLength {
      prefix |= try take(1)
      let count = code.counts[length]
      if prefix - count < first { return code.symbols[index + prefix - first] }
      index += count
      first = (first + count) << 1
      prefix <<= 1
    }
    throw failure("a code that stands for nothing")
  }

  private mutating func compressed(
    _ literals: HuffmanCode, _ distances: HuffmanCode
  ) throws(Failure) {
    while true {
      let symbol = try symbol(literals)
      if symbol < 256 {
        try emit(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol - 257 < HuffmanCode.lengths.count else { throw failure("an impossible length") }
      let (base, extra) = HuffmanCode.lengths[symbol - 257]
      let length = base + (try take(extra))
      let code = try self.symbol(distances)
      guard code < HuffmanCode.distances.count else { throw failure("an impossible distance") }
      let (nearest, more) = HuffmanCode.distances[code]
      let distance = nearest + (try take(more))
      guard distance <= output.count else { throw failure("a distance before the start") }
      for _ in 0..<length { try emit(output[output.count - distance]) }
    }
  }

  /// A block that brings its own codes, themselves coded.
  private mutating func dynamic() throws(Failure) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let lengthCount = try take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else { throw failure("too many codes") }
    var lengths = [UInt8](repeating: 0, count: 19)
    for place in HuffmanCode.lengthOrder[..<lengthCount] { lengths[place] = UInt8(try take(3)) }
    let code = try huffman(lengths)
    lengths = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try symbol(code)
      if symbol < 16 {
        lengths.append(UInt8(symbol))
        continue
      }
      var value: UInt8 = 0
      if symbol == 16 {
        guard let last = lengths.last else { throw failure("repeats a length before the first") }
        value = last
      }
      let times = symbol == 18 ? try take(7) + 11 : symbol == 17 ? try take(3) + 3 : try take(2) + 3
      guard lengths.count + times <= literalCount + distanceCount else {
        throw failure("too many lengths")
      }
      lengths.append(contentsOf: repeatElement(value, count: times))
    }
    guard lengths[256] != 0 else { throw failure("a block without an end") }
    try compressed(
      try huffman(Array(lengths[..<literalCount])), try huffman(Array(lengths[literalCount...])))
  }

  private func huffman(_ lengths: [UInt8]) throws(Failure) -> HuffmanCode {
    guard let code = HuffmanCode(lengths: lengths) else { throw failure("an impossible code") }
    return code
  }
}
