import Foundation

/// A network namespace with one address, and the cable to it.
struct NetworkLink: Codable, Sendable {
  /// At most eleven letters, as interface names end at fifteen.
  let name: String
  /// Which of the 16384 four-address networks inside 10.213.0.0/16.
  let number: Int

  private func address(_ last: Int) -> String {
    "10.213.\(number / 64 % 256).\(number % 64 * 4 + last)"
  }

  var near: String { address(1) }
  var far: String { address(2) }
  private var nearEnd: String { name + "h" }
  private var farEnd: String { name + "d" }

  func make() throws(LabError) {
    try Command("ip", "netns", "add", name).check()
    try Command(
      "ip", "link", "add", nearEnd, "type", "veth", "peer", "name", farEnd, "netns", name
    ).check()
    try Command("ip", "address", "add", near + "/30", "dev", nearEnd).check()
    try Command("ip", "link", "set", nearEnd, "up").check()
    for words in [
      ["address", "add", far + "/30", "dev", farEnd], ["link", "set", farEnd, "up"],
      ["link", "set", "lo", "up"],
    ] {
      try Command(["ip", "-n", name] + words).check()
    }
  }

  /// Pulls the cable out or puts it back; connections stay open on both sides.
  func set(up: Bool) throws(LabError) {
    try Command("ip", "link", "set", nearEnd, up ? "up" : "down").check()
  }

  func remove() throws(LabError) {
    guard FileManager.default.fileExists(atPath: "/run/netns/" + name) else { return }
    try Command("ip", "netns", "delete", name).check()
  }
}
