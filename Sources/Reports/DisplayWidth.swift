extension String {
  /// Columns that the text takes on a terminal: combining marks and joiners take none, East Asian wide
  /// characters and emoji take two (Unicode Standard Annex 11).
  public var displayWidth: Int {
    var width = 0
    for character in self {
      let scalars = character.unicodeScalars
      guard let first = scalars.first, !first.isInvisible else { continue }
      let isEmoji =
        first.properties.isEmojiPresentation || scalars.contains { $0.value == 0xFE0F }
      width += isEmoji || first.isWide ? 2 : 1
    }
    return width
  }

  /// The text without anything that would move the cursor or change the terminal's state.
  public var withoutControls: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isControl }))
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

  fileprivate var isInvisible: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: true
    default: false
    }
  }

  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
