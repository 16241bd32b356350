/// What a device says of itself.
public struct Facts: Equatable, Sendable {
  /// Made at installation; what telemetry is keyed by. 32 lower-case hexadecimal digits.
  public var installation: String
  public var agentVersion: String
  /// As `uname -m` says: `aarch64`, `armv7l`, `armv6l`, `x86_64`.
  public var architecture: String
  /// The device tree's model, such as `Raspberry Pi 4 Model B Rev 1.4`; empty where there is none.
  public var board: String
  /// The board's serial number; empty where there is none.
  public var serial: String
  /// The core's name from MIDR or cpuid, such as `cortex-a72`.
  public var core: String
  public var coreCount: UInt64
  /// Features that kernels are chosen by, sorted: `neon`, `dotprod`, `avx2`, ...
  public var isaFlags: [String]
  /// The name of the device class whose images this agent runs, such as `aarch64-neon`.
  public var deviceClass: String
  /// Bytes.
  public var memory: UInt64
  /// The `PRETTY_NAME` of `/etc/os-release`.
  public var operatingSystem: String
  public var kernel: String
  /// Free bytes where the agent keeps its objects.
  public var freeDisk: UInt64

  public init(
    installation: String, agentVersion: String, architecture: String, board: String,
    serial: String, core: String, coreCount: UInt64, isaFlags: [String], deviceClass: String,
    memory: UInt64, operatingSystem: String, kernel: String, freeDisk: UInt64
  ) {
    self.installation = installation
    self.agentVersion = agentVersion
    self.architecture = architecture
    self.board = board
    self.serial = serial
    self.core = core
    self.coreCount = coreCount
    self.isaFlags = isaFlags
    self.deviceClass = deviceClass
    self.memory = memory
    self.operatingSystem = operatingSystem
    self.kernel = kernel
    self.freeDisk = freeDisk
  }
}
