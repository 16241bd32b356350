public import AgentProtocol

/// Which devices are meant: terms joined by commas.
///
/// | term | means |
/// | --- | --- |
/// | `all` | every device |
/// | `pi-03`, `pi-*` | by name; `*` is any characters, `?` is one |
/// | `tag:kitchen` | by tag |
/// | `arch:aarch64`, `core:cortex-a72`, `agent:0.1.0` | by a fact, whole |
/// | `board:zero`, `os:bookworm` | by a part of a fact |
/// | `!TERM` | without these |
/// | `&TERM` | only those that are these as well |
///
/// As with Ansible's patterns, order does not matter: first all plain terms are united, then each `&`
/// narrows that, then each `!` takes away. Where there is no plain term, everything is the start, so
/// that `!pi-03` means all but that one. Facts are what a device has last said of itself; a device
/// that has said nothing yet is matched by no term about facts.
public struct Selector: Hashable, Sendable, CustomStringConvertible {
  /// As it was written.
  public let description: String
  let terms: [Term]

  public static let all = Selector(description: "all", terms: [Term(role: .plain, subject: .all)])

  private init(description: String, terms: [Term]) {
    self.description = description
    self.terms = terms
  }

  public init(parsing text: String) throws(SelectorError) {
    var terms: [Term] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = word.drop(while: \.isWhitespace)
      let end = word.lastIndex { !$0.isWhitespace }
      terms.append(try Term(parsing: end.map { String(word[...$0]) } ?? "", in: text))
    }
    self.init(description: text, terms: terms)
  }

  /// Whether a device is meant.
  public func matches(_ device: Device, facts: Facts?) -> Bool {
    func hits(_ role: Term.Role) -> [Bool] {
      terms.filter { $0.role == role }.map { $0.subject.matches(device, facts: facts) }
    }
    let plain = hits(.plain)
    return (plain.isEmpty || plain.contains(true)) && hits(.only).allSatisfy { $0 }
      && !hits(.without).contains(true)
  }

  /// The devices that are meant, in the order given.
  ///
  /// - Parameter facts: what is known of the devices, by name.
  /// - Throws: when a name or tag that is written out is nobody's.
  public func select(
    from devices: [Device], facts: [String: Facts]
  ) throws(SelectorError) -> [Device] {
    for term in terms {
      if let reason = term.subject.mistake(among: devices) {
        throw SelectorError(selector: description, reason: reason)
      }
    }
    return devices.filter { matches($0, facts: facts[$0.name]) }
  }

  /// Whether the answer depends on facts, which may not be known of every device yet.
  public var asksForFacts: Bool {
    terms.contains { if case .fact = $0.subject { true } else { false } }
  }
}

/// A selector that can't be read, or that names what is not there.
public struct SelectorError: Error, Equatable, Sendable, CustomStringConvertible {
  public var selector: String
  public var reason: String

  public var description: String { "selector '\(selector)': \(reason)" }
}
