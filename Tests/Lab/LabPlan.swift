import Foundation

/// Which devices a lab will have on this machine, before any is made.
struct LabPlan {
  var state: LabState

  /// Where isolated devices lie: a chroot's path must belong to root all the way up.
  static let isolatedHome = URL(fileURLWithPath: "/var/lib/bramble-lab", isDirectory: true)

  init(wishes: [LabDevice], folder: URL) throws(LabError) {
    guard Set(wishes.map(\.name)).count == wishes.count else {
      throw .badWish("two devices of one lab have the same name")
    }
    let mark = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    let isolated = Lab.hasRootRights
    let home =
      isolated
      ? Self.isolatedHome.appendingPathComponent(mark, isDirectory: true)
      : folder.appendingPathComponent("devices", isDirectory: true)
    let firstNetwork = Int.random(in: 0..<16384)
    var obstacles: [LabDevice.Userland: String] = [:]
    for userland in Set(wishes.map(\.userland)) { obstacles[userland] = userland.obstacle }

    var devices: [Device] = []
    var ports: Set<Int> = []
    var notes: [String] = []
    for (index, wish) in wishes.enumerated() {
      try Self.check(wish, isolated: isolated)
      if let obstacle = obstacles[wish.userland] {
        notes.append(
          "\(wish.name) runs this machine's own programs, not \(wish.userland.rawValue): \(obstacle)"
        )
      }
      let link =
        wish.hasOwnNetwork
        ? NetworkLink(name: "bl\(mark)\(index)", number: (firstNetwork + index) % 16384) : nil
      var port = 22
      if link == nil {
        repeat { port = try Port.free() } while !ports.insert(port).inserted
      }
      devices.append(
        Device(
          name: wish.name, userland: obstacles[wish.userland] == nil ? wish.userland : .host,
          user: isolated ? wish.user : NSUserName(), host: link?.far ?? "127.0.0.1", port: port,
          identity: folder.appendingPathComponent("identity"),
          folder: home.appendingPathComponent(wish.name, isDirectory: true), isIsolated: isolated,
          quota: wish.quota, disk: wish.disk, link: link, mark: "bramble-lab-\(mark)-\(index)"))
    }
    state = LabState(owner: nil, devices: devices, notes: notes, home: home)
  }

  private static func check(_ wish: LabDevice, isolated: Bool) throws(LabError) {
    let letters = wish.name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
    guard letters, (1...63).contains(wish.name.utf8.count) else {
      throw .badWish("`\(wish.name)` is no host name: use a-z, 0-9 and -")
    }
    guard ["pi", "root"].contains(wish.user) else {
      throw .badWish("device \(wish.name): the user is pi or root, not \(wish.user)")
    }
    if isolated { return }
    if wish.quota != nil { throw .needsRoot(device: wish.name, what: "a processor quota") }
    if wish.disk != nil { throw .needsRoot(device: wish.name, what: "a disk of its own") }
    if wish.hasOwnNetwork { throw .needsRoot(device: wish.name, what: "a network of its own") }
  }
}
