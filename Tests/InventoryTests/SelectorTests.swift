import AgentProtocol
import Inventory
import Testing

@Suite struct SelectorTests {
  static let devices = [
    Device(name: "pi-01", host: "a", tags: ["kitchen"]),
    Device(name: "pi-02", host: "b", tags: ["kitchen", "slow"]),
    Device(name: "pi-03", host: "c", tags: ["hall"]),
    Device(name: "zero", host: "d", tags: ["hall", "slow"]),
    Device(name: "new", host: "e"),
  ]

  static let facts = [
    "pi-01": facts("aarch64", "Raspberry Pi 4 Model B Rev 1.4", "cortex-a72", "0.1.0"),
    "pi-02": facts("armv7l", "Raspberry Pi 2 Model B Rev 1.1", "cortex-a7", "0.1.0"),
    "pi-03": facts("aarch64", "Raspberry Pi 5 Model B Rev 1.0", "cortex-a76", "0.2.0"),
    "zero": facts("armv6l", "Raspberry Pi Zero W Rev 1.1", "arm1176", "0.1.0"),
  ]

  private static func facts(
    _ architecture: String, _ board: String, _ core: String, _ agent: String
  ) -> Facts {
    Facts(
      installation: "", agentVersion: agent, architecture: architecture, board: board, serial: "",
      core: core, coreCount: 4, isaFlags: [], deviceClass: "", memory: 0,
      operatingSystem: "Debian GNU/Linux 12 (bookworm)", kernel: "", freeDisk: 0)
  }

  @Test(arguments: [
    ("all", "pi-01 pi-02 pi-03 zero new"),
    ("pi-02", "pi-02"),
    ("zero,pi-01", "pi-01 zero"),
    ("pi-*", "pi-01 pi-02 pi-03"),
    ("pi-0?,new", "pi-01 pi-02 pi-03 new"),
    ("tag:kitchen", "pi-01 pi-02"),
    ("tag:kitchen, tag:hall", "pi-01 pi-02 pi-03 zero"),
    ("tag:kitchen,&tag:slow", "pi-02"),
    ("&tag:slow", "pi-02 zero"),
    ("!pi-03", "pi-01 pi-02 zero new"),
    ("tag:hall,!zero", "pi-03"),
    // Order does not matter: exclusions come last.
    ("!zero,tag:hall", "pi-03"),
    ("tag:hall,tag:kitchen,&tag:slow,!zero", "pi-02"),
    ("arch:aarch64", "pi-01 pi-03"),
    ("arch:arm*", "pi-02 zero"),
    ("core:cortex-a7", "pi-02"),
    ("board:zero", "zero"),
    ("board:Pi 4", "pi-01"),
    ("os:bookworm", "pi-01 pi-02 pi-03 zero"),
    ("agent:0.1.*,&arch:aarch64", "pi-01"),
    ("!arch:aarch64", "pi-02 zero new"),
    ("nothing*", ""),
  ]) func selects(text: String, names: String) throws {
    let selector = try Selector(parsing: text)
    let selected = try selector.select(from: Self.devices, facts: Self.facts)
    #expect(selected.map(\.name).joined(separator: " ") == names)
    #expect(
      selected
        == Self.devices.filter { selector.matches($0, facts: Self.facts[$0.name]) })
  }

  @Test(arguments: [
    ("pi-1", "did you mean 'pi-01'?"),
    ("pi-01,!pi-0", "no device is called 'pi-0'"),
    ("kitchen", "for the tag write 'tag:kitchen'"),
    ("tag:kitchne", "did you mean 'kitchen'?"),
    ("!tag:attic", "no device has the tag 'attic'"),
  ]) func wordsThatFitNothingAreMistakes(text: String, reason: String) throws {
    let selector = try Selector(parsing: text)
    let error = #expect(throws: SelectorError.self) {
      try selector.select(from: Self.devices, facts: [:])
    }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("", "is empty"), ("a,,b", "is empty"), ("!", "ends too early"), ("tag:", "ends too early"),
    ("tags:kitchen", "did you mean 'tag:'?"), ("serial:1", "there are tag:"),
  ]) func whatIsNoSelectorIsRefused(text: String, reason: String) {
    let error = #expect(throws: SelectorError.self) { try Selector(parsing: text) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func tellsWhetherFactsAreNeeded() throws {
    #expect(try Selector(parsing: "pi-01,!arch:armv6l").asksForFacts)
    #expect(try !Selector(parsing: "tag:a,pi-01").asksForFacts)
    #expect(!Selector.all.asksForFacts)
  }
}
