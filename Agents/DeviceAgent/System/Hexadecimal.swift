/// Digits of base 16.
enum Hexadecimal {
  static func text(_ bytes: [UInt8]) -> String {
    var characters: [UInt8] = []
    for byte in bytes {
      for digit in [byte >> 4, byte & 15] {
        characters.append(digit < 10 ? 48 + digit : 87 + digit)
      }
    }
    return String(decoding: characters, as: UTF8.self)
  }

  static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case 48...57: character - 48
    case 97...102: character - 87
    case 65...70: character - 55
    default: nil
    }
  }
}
