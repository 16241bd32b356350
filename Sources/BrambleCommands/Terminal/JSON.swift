/// A JSON document whose keys keep the order in which they were written, so that output is stable.
indirect enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  struct Member: Equatable, Sendable {
    var key: String
    var value: JSON
  }

  static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member(key: $0.key, value: $0.value) })
  }

  static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
  static func optional(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
  static func optional(_ value: (some BinaryInteger)?) -> JSON {
    value.map { .count($0) } ?? .null
  }
  static func count(_ value: some BinaryInteger) -> JSON { .integer(Int64(clamping: value)) }
  static func strings(_ list: [String]) -> JSON { .array(list.map(JSON.string)) }

  /// Indented by two spaces, without a line end.
  var text: String {
    var out = ""
    write(to: &out, indent: 0)
    return out
  }

  private func write(to out: inout String, indent: Int) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .integer(let value): out += String(value)
    case .number(let value): out += value.isFinite ? String(describing: value) : "null"
    case .string(let value): Self.quote(value, to: &out)
    case .array(let items):
      Self.list(items, "[", "]", to: &out, indent: indent) { item, out in
        item.write(to: &out, indent: indent + 1)
      }
    case .object(let members):
      Self.list(members, "{", "}", to: &out, indent: indent) { member, out in
        Self.quote(member.key, to: &out)
        out += ": "
        member.value.write(to: &out, indent: indent + 1)
      }
    }
  }

  private static func list<Item>(
    _ items: [Item], _ open: String, _ close: String, to out: inout String, indent: Int,
    item write: (Item, inout String) -> Void
  ) {
    if items.isEmpty { return out += open + close }
    out += open + "\n"
    for (index, item) in items.enumerated() {
      out += String(repeating: "  ", count: indent + 1)
      write(item, &out)
      out += index == items.count - 1 ? "\n" : ",\n"
    }
    out += String(repeating: "  ", count: indent) + close
  }

  private static func quote(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let hex = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}
