import AgentProtocol

/// One term of a selector.
struct Term: Hashable, Sendable {
  enum Role: Hashable, Sendable {
    case plain
    /// `&`
    case only
    /// `!`
    case without
  }

  enum Subject: Hashable, Sendable {
    case all
    case name(Glob)
    case tag(Glob)
    case fact(Fact, Glob)
  }

  enum Fact: String, Hashable, Sendable, CaseIterable {
    case arch, board, core, os, agent
  }

  var role: Role
  var subject: Subject

  init(role: Role, subject: Subject) {
    self.role = role
    self.subject = subject
  }

  init(parsing word: String, in selector: String) throws(SelectorError) {
    var rest = Substring(word)
    switch rest.first {
    case "!": role = .without
    case "&": role = .only
    default: role = .plain
    }
    if role != .plain { rest.removeFirst() }
    let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let value = parts.last, !value.isEmpty else {
      throw SelectorError(
        selector: selector,
        reason: word.isEmpty ? "a term between commas is empty" : "'\(word)' ends too early")
    }
    if parts.count == 1 {
      subject = value == "all" ? .all : .name(Glob(String(value)))
      return
    }
    let kind = String(parts[0])
    if kind == "tag" {
      subject = .tag(Glob(String(value)))
    } else if let fact = Fact(rawValue: kind) {
      subject = .fact(fact, Glob(String(value)))
    } else {
      let kinds = ["tag"] + Fact.allCases.map(\.rawValue)
      let hint = Suggestion.nearest(to: kind, among: kinds).map { "did you mean '\($0):'?" }
      throw SelectorError(
        selector: selector,
        reason: "'\(kind):' is nothing to select by; "
          + (hint ?? "there are \(kinds.map { "\($0):" }.joined(separator: ", "))"))
    }
  }
}

extension Term.Subject {
  func matches(_ device: Device, facts: Facts?) -> Bool {
    switch self {
    case .all: true
    case .name(let glob): glob.matches(device.name)
    case .tag(let glob): device.tags.contains(where: glob.matches)
    case .fact(let fact, let glob): facts.map { fact.matches(glob, in: $0) } ?? false
    }
  }

  /// What is wrong when a word that is written out fits nothing; a pattern may.
  func mistake(among devices: [Device]) -> String? {
    switch self {
    case .name(let glob) where !glob.hasWildcards:
      let names = devices.map(\.name)
      if names.contains(where: glob.matches) { return nil }
      let tags = Set(devices.flatMap(\.tags))
      if tags.contains(where: glob.matches) {
        return "no device is called '\(glob.pattern)'; for the tag write 'tag:\(glob.pattern)'"
      }
      return "no device is called '\(glob.pattern)'" + Self.hint(glob.pattern, names)
    case .tag(let glob) where !glob.hasWildcards:
      let tags = Set(devices.flatMap(\.tags)).sorted()
      if tags.contains(where: glob.matches) { return nil }
      return "no device has the tag '\(glob.pattern)'" + Self.hint(glob.pattern, tags)
    default: return nil
    }
  }

  private static func hint(_ word: String, _ candidates: [String]) -> String {
    Suggestion.nearest(to: word, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }
}

extension Term.Fact {
  func matches(_ glob: Glob, in facts: Facts) -> Bool {
    switch self {
    case .arch: glob.matches(facts.architecture)
    case .core: glob.matches(facts.core)
    case .agent: glob.matches(facts.agentVersion)
    // Long names of which people know a word.
    case .board: Glob("*\(glob.pattern)*").matches(facts.board)
    case .os: Glob("*\(glob.pattern)*").matches(facts.operatingSystem)
    }
  }
}
