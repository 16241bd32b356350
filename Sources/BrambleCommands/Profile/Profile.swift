import AgentProtocol
import ArgumentParser
import Encoding
import Inference
import Inventory
import ModelFormat
import SSH
import Store

struct Profile: Command {
  static let configuration = CommandConfiguration(
    abstract: "Show where a prediction's time goes, layer by layer, here or on devices.",
    discussion: """
      Each layer's median time, its multiplications (MACs) a cycle, the bytes it reads and writes, the
      kernel that ran it, and its share of what the core can do at best. On devices the variant is
      measured beside what serves there, in a process of its own; nothing is activated.

        bramble profile motion@dynamic-int8
        bramble profile motion@dynamic-int8 --on tag:kitchen --runs 50
        bramble profile motion@float32 --trace motion.json    # for https://ui.perfetto.dev
      """)

  @Argument(help: "The variant: model@recipe or a digest's first digits.")
  var variant: String

  @Option(
    help: ArgumentHelp("Devices to measure on; without it, this machine.", valueName: "selector"))
  var on: String?

  @Option(help: "Runs to measure, at most.")
  var runs = 100

  @Option(help: ArgumentHelp("When no further run begins.", valueName: "time"))
  var time = Span(microseconds: 10_000_000)

  @Option(help: ArgumentHelp("Threads on this machine.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Also write the layers to this file, in Chrome's trace event format.", valueName: "file"))
  var trace: String?

  @OptionGroup var fleet: FleetOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    guard (1...Profiler.mostRuns).contains(runs) else {
      throw ValidationError("--runs takes 1 to \(Profiler.mostRuns), not \(runs).")
    }
    guard (1000...ProtocolLimits.profileMilliseconds * 1000).contains(time.microseconds) else {
      throw ValidationError("--time takes 1ms to 60s.")
    }
    if let threads, !(1...16).contains(threads) {
      throw ValidationError("--threads takes 1 to 16, not \(threads).")
    }
    if threads != nil, on != nil {
      throw ValidationError("--threads is for this machine; devices use what serving uses.")
    }
  }

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let record = try workbench.store.variant(matching: variant)
    let (profiles, status) =
      if let on {
        try await remote(record, workbench.someDevices(on), workbench, terminal)
      } else {
        ([try local(record, workbench)], ExitStatus.success)
      }
    if let trace { try ProfileTrace.write(profiles, of: record.name, to: trace) }
    output.show(
      json: ProfileReport.json(profiles, of: record),
      table: ProfileReport.text(profiles, variant: record.name), on: terminal)
    return status
  }

  /// On this machine, in this process.
  private func local(_ record: VariantRecord, _ workbench: Workbench) throws -> DeviceProfile {
    let manifest = try Manifest(decoding: record.manifest)
    let kind = DeviceClass.current.name
    guard let image = manifest.image(for: kind) else {
      throw Failure("the variant has no image for this machine's class \(kind): compress it again")
    }
    let bytes = try workbench.objects.read(image.digest)
    return DeviceProfile(
      device: nil, core: "",
      profile: try ImageMemory.with(bytes) { image throws(InferenceError) in
        try Profiler(image: image, threads: threads ?? 1).profile(
          runs: runs, limit: time.microseconds * 1000)
      })
  }

  private func remote(
    _ record: VariantRecord, _ devices: [Device], _ workbench: Workbench, _ terminal: Terminal
  ) async throws -> ([DeviceProfile], ExitStatus) {
    let task = FleetTask(
      connector: try Connector(workbench), forks: fleet.forks, terminal: terminal)
    let objects = VariantObjects(objects: workbench.objects)
    let (runs, milliseconds) = (UInt64(runs), time.microseconds / 1000)
    let outcomes = await task.run(on: devices, "measuring") { session, device in
      let agent = try await AgentConnection.open(over: session)
      let kind = agent.facts.deviceClass
      try await agent.upload(objects.runnable(record.digest, deviceClass: kind))
      let content = try await agent.profile(
        record.digest, runs: runs, milliseconds: milliseconds)
      return DeviceProfile(
        device: device.name, core: agent.facts.core, profile: try Self.decode(content))
    }
    return (outcomes.compactMap(\.value), .gravest(of: outcomes.compactMap(\.problem)))
  }

  private static func decode(_ content: [UInt8]) throws -> InferenceProfile {
    do {
      return try InferenceProfile(CBORNode(root: try CBOR.decode(content)))
    } catch {
      throw Failure("the device's profile is not readable: \(error)")
    }
  }
}
