import Foundation
import Lab
import Testing

/// The lab breaks devices on purpose; these tests hold it to breaking just what it says.
@Suite(.serialized) struct LabTests {
  @Test func devicesGreetAndAreGoneAfterwards() async throws {
    let devices = try await Lab.with([LabDevice("pi-a"), LabDevice("pi-b")]) { lab in
      #expect(lab.devices.allSatisfy { $0.isReachable })
      #expect(Set(lab.devices.map(\.port)).count == 2)
      for device in lab.devices {
        let home = try device.run("echo $HOME")
        #expect(home == device.home)
        #expect(
          try device.run("nohup sleep 600 </dev/null >/dev/null 2>&1 & echo started") == "started")
        #expect(!device.processes(named: "sleep", argument: "600").isEmpty)
      }
      return lab.devices
    }
    for device in devices {
      #expect(!device.isReachable)
      #expect(device.processes(named: "sleep").isEmpty)
      #expect(!FileManager.default.fileExists(atPath: device.folder.path))
    }
  }

  @Test(arguments: [LabDevice.Userland.aarch64, .armv7, .armv6])
  func anotherProcessorIsWhatProgramsSee(_ userland: LabDevice.Userland) async throws {
    try await Lab.with([LabDevice("pi", userland: userland)]) { lab in
      let pi = try lab["pi"]
      let machine = try pi.run("uname -m")
      if let obstacle = userland.obstacle {
        #expect(pi.userland == .host)
        #expect(lab.notes.contains { $0.contains(obstacle) })
      } else {
        let names = [LabDevice.Userland.aarch64: "aarch64", .armv7: "armv7l", .armv6: "armv6l"]
        #expect(machine == names[userland])
      }
    }
  }

  @Test func anUnpluggedDeviceIsSilentAndKeepsRunning() async throws {
    try await Lab.with([LabDevice("pi")]) { lab in
      let pi = try lab["pi"]
      _ = try pi.run("nohup sleep 600 </dev/null >/dev/null 2>&1 & echo started")
      try pi.unplug()
      #expect(!pi.isReachable)
      #expect(throws: LabError.self) { try pi.run("true") }
      #expect(!pi.processes(named: "sleep", argument: "600").isEmpty)
      try pi.replug()
      #expect(try pi.run("echo back") == "back")
    }
  }

  @Test func aPowerCutEndsEverythingButKeepsTheDisk() async throws {
    try await Lab.with([LabDevice("pi")]) { lab in
      let pi = try lab["pi"]
      _ = try pi.run("echo kept > $HOME/file; nohup sleep 600 </dev/null >/dev/null 2>&1 &")
      pi.powerCut()
      #expect(pi.processes(named: "sleep").isEmpty)
      try pi.boot()
      #expect(try pi.run("cat $HOME/file") == "kept")
      #expect(pi.processes(named: "sleep", argument: "600").isEmpty)
    }
  }

  @Test func aChangedHostKeyIsAnotherOne() async throws {
    try await Lab.with([LabDevice("pi")]) { lab in
      let pi = try lab["pi"]
      let before = try pi.hostKeyFingerprint
      try pi.changeHostKey()
      let after = try pi.hostKeyFingerprint
      #expect(after != before)
      #expect(throws: LabError.self) { try pi.run("true") }
    }
  }

  @Test(.enabled(if: Lab.hasRootRights, "a disk, a quota and a network take root rights"))
  func diskQuotaAndNetworkAreTheDevicesOwn() async throws {
    let wishes = [
      LabDevice("full", disk: 4 << 20), LabDevice("slow", quota: 0.1), LabDevice("tired"),
      LabDevice("wired", hasOwnNetwork: true),
    ]
    try await Lab.with(wishes) { lab in
      let full = try lab["full"]
      try full.fillDisk()
      #expect(try full.run("head -c 100000 /dev/zero > $HOME/file; wc -c < $HOME/file") != "100000")
      try full.freeDisk()
      #expect(
        try full.run("head -c 100000 /dev/zero > $HOME/file; wc -c < $HOME/file") == "100000")
      let wired = try lab["wired"]
      #expect(wired.host != "127.0.0.1" && wired.port == 22)
      try wired.unplug()
      #expect(!wired.isReachable)
      try wired.replug()
      #expect(try wired.run("hostname") == "wired")
      // The group's own account says that the quota stopped it, however fast this machine is.
      let slow = try lab["slow"]
      _ = try slow.run("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo $i")
      #expect(slow.throttledPeriods > 0)
      let tired = try lab["tired"]
      #expect(tired.throttledPeriods == 0)
      try tired.throttle(to: 0.1)
      _ = try tired.run("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo $i")
      #expect(tired.throttledPeriods > 0)
    }
  }

  @Test func wishesThatCannotBeAreRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "bramble-lab-refused")
    #expect(throws: LabError.self) { try Lab.up([LabDevice("a"), LabDevice("a")], in: folder) }
    #expect(throws: LabError.self) { try Lab.up([LabDevice("Not a name")], in: folder) }
    #expect(throws: LabError.self) { try Lab.up([LabDevice("a", user: "guest")], in: folder) }
    #expect(throws: LabError.self) { try Lab.open(folder) }
    try? FileManager.default.removeItem(at: folder)
  }
}
