import Yams

/// A device's YAML file: its text, and where in it the values stand.
struct DeviceFile {
  /// As it is shown in errors.
  var path: String
  var text: String

  /// Reads the device. Every key is known, no value has a wrong kind, or it is told where.
  func device(named name: String) throws(InventoryError) -> Device {
    var reading = Reading(path: path)
    guard let root = try root() else {
      throw InventoryError(path, "is empty; it needs at least 'host: ADDRESS'")
    }
    guard let mapping = root.mapping else {
      throw InventoryError([reading.problem(root, "is no mapping; write lines of 'key: value'")])
    }
    var device = Device(name: name, host: "")
    var marks: [Device.Key: Node] = [:]
    for (keyNode, value) in mapping {
      let word = keyNode.scalar?.string ?? ""
      guard let key = Device.Key(rawValue: word) else {
        reading.note(keyNode, Self.unknownKey(word))
        continue
      }
      marks[key] = value
      switch key {
      case .host: device.host = reading.text(value, key) ?? ""
      case .user: device.user = reading.text(value, key)
      case .port: device.port = reading.number(value, key)
      case .identity: device.identity = reading.text(value, key)
      case .tags: device.tags = reading.words(value, key)
      }
    }
    if marks[.host] == nil {
      reading.note(root, "has no 'host'; add 'host: ADDRESS'")
    }
    if reading.problems.isEmpty {
      for (key, reason) in device.problems() {
        reading.note(marks[key] ?? root, "\(key) \(reason)")
      }
    }
    guard reading.problems.isEmpty else { throw InventoryError(reading.problems) }
    return device
  }

  private func root() throws(InventoryError) -> Node? {
    do { return try compose(yaml: text) } catch let error as YamlError {
      throw InventoryError([problem(error)])
    } catch {
      throw InventoryError(path, "\(error)")
    }
  }

  private func problem(_ error: YamlError) -> InventoryProblem {
    func at(_ mark: Mark, _ reason: String) -> InventoryProblem {
      InventoryProblem(file: path, line: mark.line, column: mark.column, reason: reason)
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return at(mark, "is no YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      // Yams tells where the mapping begins; where the key stands again is more use.
      let again = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        .filter { $0.element.hasPrefix("\(duplicates.first ?? ""):") }.dropFirst().first
      return InventoryProblem(
        file: path, line: again.map { $0.offset + 1 } ?? context.mark.line,
        column: again == nil ? context.mark.column : 1,
        reason: "has a key twice: \(duplicates.joined(separator: ", "))")
    default: return InventoryProblem(file: path, reason: "is no YAML: \(error)")
    }
  }

  private static func unknownKey(_ word: String) -> String {
    let keys = Device.Key.allCases.map(\.rawValue)
    let hint = Suggestion.nearest(to: word, among: keys).map { "did you mean '\($0)'?" }
    return "'\(word)' is no key of a device; \(hint ?? "keys are \(keys.joined(separator: ", "))")"
  }
}

/// The problems found while a file is read.
private struct Reading {
  var path: String
  var problems: [InventoryProblem] = []

  func problem(_ node: Node, _ reason: String) -> InventoryProblem {
    InventoryProblem(
      file: path, line: node.mark?.line, column: node.mark?.column, reason: reason)
  }

  mutating func note(_ node: Node, _ reason: String) { problems.append(problem(node, reason)) }

  mutating func text(_ node: Node, _ key: Device.Key) -> String? {
    guard let scalar = node.scalar, node.null == nil, !scalar.string.isEmpty else {
      note(node, "'\(key)' has no text; write '\(key): VALUE' or leave the line out")
      return nil
    }
    return scalar.string
  }

  mutating func number(_ node: Node, _ key: Device.Key) -> Int? {
    guard let text = node.scalar?.string, let number = Int(text) else {
      note(node, "'\(key)' is no number")
      return nil
    }
    return number
  }

  mutating func words(_ node: Node, _ key: Device.Key) -> [String] {
    guard let sequence = node.sequence else {
      note(node, "'\(key)' is no list; write '\(key): [kitchen, upstairs]'")
      return []
    }
    var words: [String] = []
    for item in sequence {
      guard let word = item.scalar?.string else {
        note(item, "'\(key)' holds something that is no word")
        continue
      }
      if let reason = Word.problem(in: word) { note(item, "tag '\(word)' \(reason)") }
      if words.contains(word) { note(item, "tag '\(word)' stands there twice") }
      words.append(word)
    }
    return words
  }
}
