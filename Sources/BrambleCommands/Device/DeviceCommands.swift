import ArgumentParser

struct DeviceCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device", abstract: "Register devices and look after them.",
    subcommands: [
      DeviceAdd.self, DeviceList.self, DeviceShow.self, DeviceCheck.self, DeviceTag.self,
      DeviceRemove.self,
    ])
}
