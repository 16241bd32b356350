import ArgumentParser
import Foundation
import Lab

/// A fleet on this machine, to try things on.
@main struct LabTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bramble-lab",
    abstract:
      "Devices on this machine: an sshd, a root folder and, if wished, another processor each.",
    discussion: """
        bramble-lab up .lab kitchen=aarch64 hall=armv7 desk
        bramble-lab status .lab
        bramble-lab down .lab

      A device is NAME, or NAME=USERLAND with host, aarch64, armv7 or armv6, and after it, each behind
      a comma: root (log in as root), quota:0.1 (of one core), disk:16M, network (a cable of its own).
      """,
    subcommands: [Up.self, Status.self, Throttle.self, Down.self])
}

struct Up: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Start the devices.")

  @Argument(help: "The lab's folder.") var folder: String
  @Argument(help: "The devices.") var devices: [Wish]

  func run() throws {
    let lab = try Lab.up(
      devices.map(\.device), in: URL(fileURLWithPath: folder), outlivesProgram: true)
    for note in lab.notes { FileHandle.standardError.write(Data("note: \(note)\n".utf8)) }
    try show(lab)
  }
}

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how to reach each device: name, userland, address, host key, whether it greets.")

  @Argument(help: "The lab's folder.") var folder: String

  func run() throws { try show(try Lab.open(URL(fileURLWithPath: folder))) }
}

struct Throttle: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Leave a device only some of the processor's time from now on.")

  @Argument(help: "The lab's folder.") var folder: String
  @Argument(help: "The device.") var device: String
  @Argument(help: "The share of one core, from 0.001 on.") var share: Double

  func run() throws {
    try Lab.open(URL(fileURLWithPath: folder))[device].throttle(to: share)
  }
}

struct Down: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "End every process of the devices and take away what was made for them.")

  @Argument(help: "The lab's folder.") var folder: String

  func run() throws { try Lab.open(URL(fileURLWithPath: folder)).down() }
}

/// One line a device, columns apart by tabs.
private func show(_ lab: Lab) throws {
  for device in lab.devices {
    let columns = [
      device.name, device.userland.rawValue, "\(device.user)@\(device.host):\(device.port)",
      try device.hostKeyFingerprint, device.isReachable ? "up" : "down", device.root.path,
    ]
    print(columns.joined(separator: "\t"))
  }
}
