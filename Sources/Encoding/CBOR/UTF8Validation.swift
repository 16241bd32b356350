/// Whether `bytes` are well-formed UTF-8 (Unicode 15, table 3-7): no surrogates, no overlong forms, nothing cut off.
func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
  var index = 0
  while index < bytes.count {
    let lead = bytes[index]
    index += 1
    if lead < 0x80 { continue }
    let following: Int
    var allowed: ClosedRange<UInt8> = 0x80...0xbf
    switch lead {
    case 0xc2...0xdf: following = 1
    case 0xe0: (following, allowed) = (2, 0xa0...0xbf)
    case 0xed: (following, allowed) = (2, 0x80...0x9f)
    case 0xe1...0xef: following = 2
    case 0xf0: (following, allowed) = (3, 0x90...0xbf)
    case 0xf1...0xf3: following = 3
    case 0xf4: (following, allowed) = (3, 0x80...0x8f)
    default: return false
    }
    guard bytes.count - index >= following else { return false }
    for step in 0..<following {
      guard allowed.contains(bytes[index + step]) else { return false }
      allowed = 0x80...0xbf
    }
    index += following
  }
  return true
}
