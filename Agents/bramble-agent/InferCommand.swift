import CPosix
import DeviceAgent
import Encoding
import Inference
import ModelFormat

/// `bramble-agent infer`: the runtime by itself, for tests and for measuring. Prints the digest of an image
/// that it makes, for each window its class and its output, and with `--repeat` how long it took.
struct InferCommand {
  private let image: String?
  private let package: String?
  private let input: String?
  private let output: String?
  private let repetitions: Int
  private let threads: Int?
  private let decision: DecisionRule?
  private let profiles: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    image = arguments["--image"]
    package = arguments["--package"]
    input = arguments["--input"]
    profiles = arguments.flags.contains("--profile")
    output = arguments["--output"]
    guard (image == nil) != (package == nil) else {
      throw UsageError("infer takes either --image FILE or --package FILE")
    }
    repetitions = try Self.number(arguments, "--repeat", atMost: 1_000_000) ?? 1
    threads = try Self.number(arguments, "--threads", atMost: 16)
    guard let rule = arguments["--decision"] else {
      decision = nil
      return
    }
    do throws(DecisionRuleError) {
      decision = try DecisionRule(parsing: rule)
    } catch {
      throw UsageError("--decision: \(error.description)")
    }
  }

  private static func number(
    _ arguments: Arguments, _ option: String, atMost limit: UInt64
  ) throws(UsageError) -> Int? {
    guard let asked = arguments[option] else { return nil }
    guard let number = asked.decimal, number > 0, number <= limit else {
      throw UsageError("\(option) takes a number from 1 to \(limit)")
    }
    return Int(number)
  }

  func run() -> Int32 {
    do throws(InferFailure) {
      let image = try prepared()
      if profiles {
        try ProfileLines.show(image, runs: repetitions, threads: threads)
        return 0
      }
      let model = try load(image)
      guard let input else { return 0 }
      let windows = try WindowFile(
        input, for: model.interpreter.inputs[0], windowBytes: model.inputBytes)
      return try predict(model, windows)
    } catch {
      Output.complain(error.message)
      return 1
    }
  }

  /// The image, mapped as it lies or made from the package.
  private func prepared() throws(InferFailure) -> MappedFile {
    let bytes: MappedFile
    do throws(SystemError) {
      bytes = try MappedFile(image ?? package ?? "")
    } catch {
      throw InferFailure(error.description)
    }
    guard package != nil else { return bytes }
    let prepared = MappedFile(copying: try makeImage(of: bytes))
    Output.line(
      "image \(SHA256.digest(of: prepared.bytes).hex) \(DeviceClass.current.name) "
        + "\(prepared.bytes.count) bytes")
    return prepared
  }

  private func load(_ image: MappedFile) throws(InferFailure) -> LoadedModel {
    do throws(InferenceError) {
      return try LoadedModel(image, decision: decision, threads: threads)
    } catch {
      throw InferFailure(error.description)
    }
  }

  private func makeImage(of package: MappedFile) throws(InferFailure) -> [UInt8] {
    let graph: Graph
    do throws(FormatError) {
      graph = try Package(decoding: package.bytes).graph
    } catch {
      throw InferFailure(error.description)
    }
    do throws(InferenceError) {
      return try ImageBuilder.image(of: graph, for: DeviceClass.current)
    } catch {
      throw InferFailure(error.description)
    }
  }

  private func predict(
    _ model: LoadedModel, _ windows: WindowFile
  ) throws(InferFailure) -> Int32 {
    var times: [UInt64] = []
    var outputs: [UInt8] = []
    for index in 0..<windows.count {
      let window = windows.window(index)
      do throws(InferenceError) {
        for pass in 0..<repetitions {
          let result = try model.predict(window)
          times.append(result.inference)
          if pass > 0 { continue }
          outputs += result.output
          let label = result.label.map { "\($0)" } ?? "none"
          var line = "window \(index) class \(label)"
          if output == nil { for value in floats(result.output) { line += " \(value)" } }
          Output.line(line)
        }
      } catch {
        throw InferFailure(error.description)
      }
    }
    if let output {
      do throws(SystemError) {
        try WindowFile.write(outputs, to: output)
      } catch {
        throw InferFailure(error.description)
      }
    }
    if repetitions > 1 { report(times) }
    return 0
  }

  private func report(_ times: [UInt64]) {
    let sorted = times.sorted()
    func quantile(_ thousandths: Int) -> UInt64 { sorted[(sorted.count - 1) * thousandths / 1000] }
    Output.line(
      "\(sorted.count) predictions, microseconds: min \(sorted[0]) p50 \(quantile(500)) "
        + "p99 \(quantile(990)) max \(sorted[sorted.count - 1])")
    Output.line("peak resident memory: \(bp_peak_memory() / 1024) KiB")
  }
}

/// Why `infer` ended without a result.
struct InferFailure: Error {
  var message: String

  init(_ message: String) { self.message = message }
}
