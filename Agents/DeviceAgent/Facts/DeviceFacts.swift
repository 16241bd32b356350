import AgentProtocol
import CPosix
import Inference

/// Reads what the device says of itself.
enum DeviceFacts {
  static func read(_ root: Root, installation: String) -> Facts {
    var machine = [CChar](repeating: 0, count: 128)
    var release = [CChar](repeating: 0, count: 128)
    _ = machine.withUnsafeMutableBufferPointer { m in
      release.withUnsafeMutableBufferPointer { r in
        bp_machine(m.baseAddress, r.baseAddress, UInt32(m.count))
      }
    }
    let cpu = Files.text(of: "/proc/cpuinfo", atMost: 1 << 14)
    let free: UInt64
    do throws(SystemError) { free = try Files.freeSpace(root.path) } catch { free = 0 }
    return Facts(
      installation: installation, agentVersion: Version.current, architecture: string(machine),
      board: board, serial: serial, core: Processor.core(cpu),
      coreCount: UInt64(bp_core_count()), isaFlags: Processor.features(cpu),
      deviceClass: DeviceClass.current.name, memory: memory, operatingSystem: operatingSystem,
      kernel: string(release), freeDisk: free)
  }

  private static var board: String { Files.text(of: "/proc/device-tree/model") }
  static var serial: String { Files.text(of: "/proc/device-tree/serial-number") }

  private static var memory: UInt64 {
    let text = Files.text(of: "/proc/meminfo")
    let line = text.pieces(between: 10).first { $0.startsWith("MemTotal:") } ?? ""
    let words = line.pieces(between: 32).compactMap { $0.decimal }
    return (words.first ?? 0) * 1024
  }

  private static var operatingSystem: String {
    for line in Files.text(of: "/etc/os-release").pieces(between: 10)
    where line.startsWith("PRETTY_NAME=") {
      let value = Array(line.utf8)[12...].filter { $0 != 34 }
      return String(decoding: value, as: UTF8.self)
    }
    return ""
  }
}
