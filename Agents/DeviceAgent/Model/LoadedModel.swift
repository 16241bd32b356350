import CPosix
import Encoding
public import Inference
public import ModelFormat

/// A model ready to run in this process.
public final class LoadedModel {
  /// Kept because the interpreter reads the weights where they lie.
  private let file: MappedFile
  public let interpreter: Interpreter
  private let decision: DecisionRule?
  private let inputShape: Shape
  private let outputShape: Shape
  private var output: [UInt8]

  /// Bytes that an input has, which is float32 whatever the model takes.
  public var inputBytes: Int { interpreter.floatInputBytes }
  public var outputCount: Int { output.count / 4 }

  /// - Parameters:
  ///   - decision: how an output becomes a class; without it there are no classes.
  ///   - threads: how many work on one prediction; `nil` leaves it to cores and layers. The helpers
  ///     belong to this process: load after forking.
  public init(
    _ file: MappedFile, decision: DecisionRule?, threads: Int? = nil
  ) throws(InferenceError) {
    self.file = file
    self.decision = decision
    interpreter = try Interpreter(image: file.bytes, threads: threads)
    guard let input = interpreter.inputs.first, let result = interpreter.outputs.first,
      interpreter.inputs.count == 1, interpreter.outputs.count == 1,
      input.holdsReals, result.holdsReals
    else {
      throw .damagedImage(
        "the agent runs models with one input and one output, each float32 or int8")
    }
    inputShape = input.shape
    outputShape = result.shape
    output = [UInt8](repeating: 0, count: interpreter.floatOutputBytes)
  }

  /// One prediction.
  ///
  /// - Returns: the microseconds spent, the class, and the output, float32 little-endian.
  public func predict(
    _ input: [UInt8]
  ) throws(InferenceError) -> (inference: UInt64, label: Int?, output: [UInt8]) {
    let started = bp_boot_time()
    var failure: InferenceError?
    input.withUnsafeBytes { from in
      output.withUnsafeMutableBytes { to in
        do throws(InferenceError) {
          try interpreter.run(floats: from, output: to)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    let spent = bp_boot_time() - started
    return (spent, decision.flatMap { label($0, input) }, output)
  }

  private func label(_ rule: DecisionRule, _ input: [UInt8]) -> Int? {
    output.withUnsafeBytes { y in
      input.withUnsafeBytes { x in
        rule.label(
          output: y.bindMemory(to: Float.self), input: x.bindMemory(to: Float.self),
          shape: outputShape)
      }
    }
  }
}
