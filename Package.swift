// swift-tools-version: 6.2
import PackageDescription

// What each folder is for, and who may import whom: CONTRIBUTING.md.

let package = Package(
  name: "bramble",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "bramble", targets: ["bramble"]),
    .executable(name: "bramble-agent", targets: ["bramble-agent"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The hall: Embedded-clean, used on both sides.
    .target(name: "Encoding"),
    .target(name: "ModelFormat", dependencies: ["Encoding"]),
    .target(name: "AgentProtocol", dependencies: ["Encoding"]),
    .target(
      name: "CPosix",
      cSettings: [.define("_FILE_OFFSET_BITS", to: "64"), .define("_TIME_BITS", to: "64")]),
    .target(
      name: "CKernels",
      cSettings: [
        // Optimised in debug builds too; never contracted, so that every CPU gives the same bits.
        .unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno", "-Wno-psabi"])
      ],
      linkerSettings: [.linkedLibrary("m")]),
    .target(name: "Inference", dependencies: ["CKernels", "CPosix", "ModelFormat", "Encoding"]),
    // The data that models are judged by.
    .target(name: "DataSets"),
    // Models: from other formats, and made smaller.
    .target(name: "Importers", dependencies: ["ModelFormat"]),
    .target(name: "Compression", dependencies: ["ModelFormat", "Inference", "DataSets"]),
    // The rollout: knows devices and gates as values.
    .target(name: "Rollout", dependencies: ["Encoding", "AgentProtocol"]),
    .target(
      name: "Store",
      dependencies: [
        "Encoding", "AgentProtocol", "Rollout", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    // The devices: who they are, and how to reach them.
    .systemLibrary(
      name: "CLibSSH", pkgConfig: "libssh",
      providers: [.apt(["libssh-dev"]), .brew(["libssh"])]),
    .target(name: "SSH", dependencies: ["CLibSSH", "AgentProtocol", "Encoding"]),
    .target(
      name: "Inventory", dependencies: ["AgentProtocol", .product(name: "Yams", package: "Yams")]),
    .target(name: "Reports", dependencies: ["Rollout", "Store"]),
    // The commands, where everything meets.
    .target(
      name: "BrambleCommands",
      dependencies: [
        "Encoding", "ModelFormat", "AgentProtocol", "Inference", "DataSets", "Importers",
        "Compression", "Rollout", "Store", "SSH", "Inventory", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(name: "bramble", dependencies: ["BrambleCommands"]),
    // The demonstration's sensor windows, which integration tests use too.
    .target(name: "MotionWindows", path: "Demo/MotionWindows"),
    .executableTarget(
      name: "motion-windows",
      dependencies: [
        "MotionWindows", "DataSets",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Demo/motion-windows"),
    .executableTarget(
      name: "bramble-lab",
      dependencies: ["Lab", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Demo/bramble-lab"),
    // Tests.
    // A fleet on this machine: what integration tests and `bramble-lab` run devices with.
    .target(name: "Lab", path: "Tests/Lab"),
    .testTarget(name: "LabTests", dependencies: ["Lab"]),
    .testTarget(name: "HouseTests"),
    // The same random numbers in every run.
    .target(name: "SeededRandom", path: "Tests/SeededRandom"),
    .target(name: "TinyNetworks", dependencies: ["DataSets"], path: "Tests/TinyNetworks"),
    .testTarget(
      name: "BrambleCommandsTests",
      dependencies: [
        "BrambleCommands", "AgentProtocol", "Encoding", "Inference", "ModelFormat", "SSH", "Store",
        "TinyNetworks",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "bramble", "Lab", "AgentProtocol", "Encoding", "ModelFormat", "SSH", "Store",
        "TinyNetworks",
      ]),
    // The agent: what lives on a Pi. Embedded Swift there, ordinary Swift in the tests.
    .target(
      name: "DeviceAgent",
      dependencies: ["Encoding", "ModelFormat", "AgentProtocol", "Inference", "CPosix"],
      path: "Agents/DeviceAgent"),
    .executableTarget(
      name: "bramble-agent",
      dependencies: [
        "DeviceAgent", "Encoding", "ModelFormat", "AgentProtocol", "Inference", "CPosix",
      ],
      path: "Agents/bramble-agent"),
    .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
    .executableTarget(
      name: "bramble-bench", dependencies: ["CPosix", "Importers", "Inference", "ModelFormat"],
      path: "Tests/Benchmarks/bramble-bench"),
    .executableTarget(name: "bramble-limits", path: "Tests/Benchmarks/bramble-limits"),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(
      name: "InferenceTests",
      dependencies: ["CKernels", "Inference", "ModelFormat", "CAllocationCounter"]),
    .testTarget(
      name: "DeviceAgentTests",
      dependencies: [
        "DeviceAgent", "Encoding", "ModelFormat", "AgentProtocol", "Inference", "SeededRandom",
      ]),
    .testTarget(
      name: "CrossArchitectureTests",
      dependencies: ["Importers", "Compression", "ModelFormat", "Inference", "Encoding"]),
    .testTarget(name: "EncodingTests", dependencies: ["Encoding", "SeededRandom"]),
    .testTarget(name: "ModelFormatTests", dependencies: ["ModelFormat", "Encoding"]),
    .testTarget(
      name: "AgentProtocolTests", dependencies: ["AgentProtocol", "Encoding", "SeededRandom"]),
    .testTarget(name: "DataSetsTests", dependencies: ["DataSets", "SeededRandom"]),
    .testTarget(
      name: "ImportersTests", dependencies: ["Importers", "ModelFormat", "Inference", "DataSets"]),
    .testTarget(
      name: "OperatorGoldenTests",
      dependencies: ["CKernels", "DataSets", "Importers", "Inference", "ModelFormat"]),
    .testTarget(
      name: "CompressionTests",
      dependencies: ["Compression", "Importers", "ModelFormat", "DataSets"]),
    .testTarget(name: "SSHTests", dependencies: ["SSH", "AgentProtocol", "Encoding"]),
    .testTarget(name: "InventoryTests", dependencies: ["Inventory", "AgentProtocol"]),
    .testTarget(
      name: "RolloutTests", dependencies: ["Encoding", "AgentProtocol", "Rollout", "SeededRandom"]),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Encoding", "AgentProtocol", "Rollout", "Store",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Encoding", "AgentProtocol", "Rollout", "Store", "Reports", "SeededRandom",
      ]),
    .testTarget(
      name: "Simulation", dependencies: ["Encoding", "AgentProtocol", "Rollout", "SeededRandom"],
      path: "Tests/Simulation"),
  ],
  swiftLanguageModes: [.v6]
)

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
]
for target in package.targets where ![.system, .binary, .plugin].contains(target.type) {
  target.swiftSettings = (target.swiftSettings ?? []) + strict
}
