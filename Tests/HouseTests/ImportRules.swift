/// Who may import whom: the table of CONTRIBUTING.md. What is not listed is not allowed.
///
/// Apple's and the system's own modules are free, except in the hall, which has to compile as Embedded
/// Swift and so imports nothing beyond this table.
enum ImportRules {
  static let hall: Set = [
    "Encoding", "ModelFormat", "AgentProtocol", "Inference", "CKernels", "CPosix", "DeviceAgent",
    "bramble-agent",
  ]

  static let allowed: [String: Set<String>] = [
    // The hall, and the agent that lives in it.
    "Encoding": [],
    "ModelFormat": ["Encoding"],
    "AgentProtocol": ["Encoding"],
    "CKernels": [],
    "CPosix": [],
    "Inference": ["Encoding", "ModelFormat", "CKernels", "CPosix"],
    "DeviceAgent": ["Encoding", "ModelFormat", "AgentProtocol", "Inference", "CPosix"],
    "bramble-agent": [
      "Encoding", "ModelFormat", "AgentProtocol", "Inference", "CPosix", "DeviceAgent",
    ],
    // What works on networks knows no device, no SSH, no SQL.
    "DataSets": [],
    "Importers": ["ModelFormat", "DataSets", "Inference"],
    "Compression": ["Encoding", "ModelFormat", "DataSets", "Inference"],
    // What works on devices knows no network.
    "Inventory": ["AgentProtocol", "Yams"],
    "CLibSSH": [],
    "SSH": ["CLibSSH", "AgentProtocol", "Encoding", "Logging"],
    // The rollout reaches the world through protocols of its own.
    "Rollout": ["Encoding", "AgentProtocol"],
    "Store": ["Encoding", "AgentProtocol", "ModelFormat", "Rollout", "GRDB"],
    "Reports": ["AgentProtocol", "Rollout", "Store", "Compression"],
    // The one place where everything meets.
    "BrambleCommands": [
      "Encoding", "ModelFormat", "AgentProtocol", "Inference", "DataSets", "Importers",
      "Compression", "Inventory", "SSH", "Rollout", "Store", "Reports", "ArgumentParser",
      "Logging", "Yams",
    ],
    "bramble": ["BrambleCommands"],
    // The demonstration.
    "MotionWindows": [],
    "motion-windows": ["MotionWindows", "DataSets", "ArgumentParser"],
    "Lab": [],
    "bramble-lab": ["Lab", "ArgumentParser"],
  ]
}
