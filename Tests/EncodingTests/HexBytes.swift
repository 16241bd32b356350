/// The bytes that hexadecimal `text` spells.
func bytes(_ text: String) -> [UInt8] {
  var result: [UInt8] = []
  var rest = Substring(text)
  while !rest.isEmpty {
    guard let byte = UInt8(rest.prefix(2), radix: 16) else {
      preconditionFailure("not hex: \(text)")
    }
    result.append(byte)
    rest = rest.dropFirst(2)
  }
  return result
}
