public import Encoding

extension Facts {
  public var cbor: CBOR {
    func name(_ text: String) -> CBOR { .text(text, cutTo: ProtocolLimits.name) }
    return .map([
      CBORField("installation", .text(installation)),
      CBORField("agent", name(agentVersion)),
      CBORField("architecture", name(architecture)),
      CBORField("board", name(board)),
      CBORField("serial", name(serial)),
      CBORField("core", name(core)),
      CBORField("cores", .unsigned(coreCount)),
      CBORField("isa", .array(isaFlags.prefix(ProtocolLimits.isaFlags).map { name($0) })),
      CBORField("class", name(deviceClass)),
      CBORField("memory", .unsigned(memory)),
      CBORField("os", name(operatingSystem)),
      CBORField("kernel", name(kernel)),
      CBORField("disk", .unsigned(freeDisk)),
    ])
  }

  /// Fields that are not known are passed over: facts command nothing, and a newer agent may know more of itself.
  public init(_ node: CBORNode) throws(CBORError) {
    func name(_ key: String) throws(CBORError) -> String {
      try node.field(key).text(atMost: ProtocolLimits.name)
    }
    let installation = try node.field("installation")
    let digits = try installation.text(atMost: 32)
    guard digits.utf8.count == 32, digits.utf8.allSatisfy(isLowercaseHexadecimal) else {
      throw installation.error(.outOfRange(allowed: "32 lower-case hexadecimal digits"))
    }
    var flags: [String] = []
    for flag in try node.field("isa").elements(atMost: ProtocolLimits.isaFlags) {
      flags.append(try flag.text(atMost: ProtocolLimits.name))
    }
    self.init(
      installation: digits, agentVersion: try name("agent"),
      architecture: try name("architecture"), board: try name("board"),
      serial: try name("serial"), core: try name("core"),
      coreCount: try node.field("cores").unsigned(), isaFlags: flags,
      deviceClass: try name("class"), memory: try node.field("memory").unsigned(),
      operatingSystem: try name("os"), kernel: try name("kernel"),
      freeDisk: try node.field("disk").unsigned())
  }
}

private func isLowercaseHexadecimal(_ byte: UInt8) -> Bool {
  (48...57).contains(byte) || (97...102).contains(byte)
}
