import Foundation

extension DeviceFile {
  /// A new file for a device.
  static func text(for device: Device) -> String {
    var lines = ["host: \(scalar(device.host))"]
    if let user = device.user { lines.append("user: \(scalar(user))") }
    if let port = device.port { lines.append("port: \(port)") }
    if let identity = device.identity { lines.append("identity: \(scalar(identity))") }
    if !device.tags.isEmpty { lines.append(tagLine(device.tags)) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The text with other tags. All other lines, and the comments, stay as they are; a comment within
  /// a list of tags goes with it.
  func text(withTags tags: [String]) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let replacement = tags.isEmpty ? [] : [Self.tagLine(tags)]
    guard let range = tagLines(of: lines) else {
      while lines.last?.isEmpty == true { lines.removeLast() }
      return (lines + replacement).joined(separator: "\n") + "\n"
    }
    var new = replacement
    // What stands behind a list in one line.
    if range.count == 1, !new.isEmpty,
      let comment = lines[range.lowerBound].range(of: " #").map({
        lines[range.lowerBound][$0.lowerBound...]
      })
    {
      new[0] += comment
    }
    lines.replaceSubrange(range, with: new)
    return lines.joined(separator: "\n")
  }

  /// The lines from `tags:` to the one before the next key, comment or blank line at the margin.
  private func tagLines(of lines: [String]) -> Range<Int>? {
    guard
      let start = lines.firstIndex(where: { $0.hasPrefix("tags:") || $0.hasPrefix("\"tags\":") })
    else { return nil }
    var end = start + 1
    while end < lines.count, let first = lines[end].first,
      first == " " || first == "-" || first == "]"
    { end += 1 }
    return start..<end
  }

  private static func tagLine(_ tags: [String]) -> String {
    "tags: [\(tags.map(scalar).joined(separator: ", "))]"
  }

  /// A text as YAML reads it back: plain where no reader could take it for anything else.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "/._~-".utf8.contains($0)
        }
      } && text.contains(where: \.isLetter) && !text.hasPrefix("-") && text != "~"
      && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(text.lowercased())
    return isPlain
      ? text
      : "'"
        + text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''") + "'"
  }
}
