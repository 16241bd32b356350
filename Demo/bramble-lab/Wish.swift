import ArgumentParser
import Lab

/// A device as the command line asks for it: `kitchen=armv7,quota:0.1,disk:16M`.
struct Wish: ExpressibleByArgument {
  let device: LabDevice

  init?(argument: String) {
    let words = argument.split(separator: ",").map(String.init)
    let head = (words.first ?? "").split(separator: "=", omittingEmptySubsequences: false)
    guard (1...2).contains(head.count) else { return nil }
    var device = LabDevice(String(head[0]))
    if head.count == 2 {
      guard let userland = LabDevice.Userland(rawValue: String(head[1])) else { return nil }
      device.userland = userland
    }
    for word in words.dropFirst() {
      let parts = word.split(separator: ":").map(String.init)
      switch (parts.first, parts.dropFirst().first) {
      case ("root", nil): device.user = "root"
      case ("network", nil): device.hasOwnNetwork = true
      case ("quota", let text?):
        guard let share = Double(text), share >= 0.001 else { return nil }
        device.quota = share
      case ("disk", let text?):
        guard let bytes = Self.bytes(text) else { return nil }
        device.disk = bytes
      default: return nil
      }
    }
    self.device = device
  }

  /// `4096`, `512K`, `16M`.
  private static func bytes(_ text: String) -> Int? {
    let factors: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let factor = text.last.flatMap({ factors[$0] }) else { return Int(text) }
    return Int(text.dropLast()).map { $0 * factor }
  }
}
