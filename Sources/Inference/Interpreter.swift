internal import CKernels
internal import CPosix
internal import ModelFormat

/// Runs an image as it lies, on the calling thread and, where it is asked for, with helpers.
///
/// Everything is set up at the start: ``run(input:output:)`` allocates nothing and packs nothing.
/// An interpreter belongs to one thread at a time; several may run at once over the same image. One
/// that has helpers belongs to the process that made it: make it after a fork, not before.
public final class Interpreter {
  public let inputs: [TensorSpec]
  public let outputs: [TensorSpec]
  /// The working memory, state of recurrent layers included.
  public let arenaBytes: Int
  /// Threads that ``run(input:output:)`` uses at most, the calling one included. Their number never
  /// changes a result.
  public var threads: Int { execution.threads.count }
  /// The class that the image was made for.
  public let deviceClass: DeviceClass

  let arena: UnsafeMutableRawPointer
  let steps: [Step]
  /// Steps that threads go through together.
  private let joint: [JointSteps]
  let execution: Execution
  private let pool: ThreadPool
  let inputOffsets: [Int]
  let outputOffsets: [Int]
  private let states: [Range<Int>]
  private let owner: BlobStorage?

  /// `blobs` must outlive the interpreter; `owner` is kept to that end. `kernels` are used instead of
  /// the selected ones where they fit the image. `threshold` is the work from which on a step is shared,
  /// instead of the class's own.
  init(
    _ image: Image, blobs: [UnsafeRawBufferPointer], threads: Int? = 1, owner: BlobStorage? = nil,
    kernels: UnsafePointer<bk_kernels>? = nil, threshold: ThreadThreshold? = nil
  ) throws(InferenceError) {
    let binder = try Binder(image, blobs: blobs)
    arenaBytes = image.arena.bytes
    deviceClass = image.deviceClass
    inputs = image.graph.inputs.map { image.graph[$0].spec }
    outputs = image.graph.outputs.map { image.graph[$0].spec }
    inputOffsets = try binder.offsets(of: image.graph.inputs)
    outputOffsets = try binder.offsets(of: image.graph.outputs)
    self.owner = owner
    // Integer products read the last row of a tensor up to a whole group of values.
    let bytes = MemoryPlan.aligned(arenaBytes) + binder.tableBytes + MemoryPlan.alignment
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: MemoryPlan.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    do {
      let bound = try binder.steps(in: memory)
      arena = memory
      steps = bound.steps
      states = bound.states
      pool = ThreadPool(
        count: threads ?? image.usefulThreads,
        threshold: threshold ?? ThreadThreshold(for: image.deviceClass))
      execution = Execution(
        for: image.deviceClass.tile, threads: pool.threads, kernels: kernels)
      joint = JointSteps.all(in: steps, spans: bound.spans, pool.threads)
    } catch {
      memory.deallocate()
      throw error
    }
  }

  deinit { arena.deallocate() }

  /// Computes the outputs from the inputs.
  ///
  /// `input` holds the values of all inputs one after the other, in the order of ``inputs``,
  /// `output` is filled in the same way. Recurrent layers start from zero unless the model keeps
  /// their state. Infinite inputs and ones that are not numbers are refused before anything runs.
  public func run(
    input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer
  ) throws(InferenceError) {
    try begin(input, output)
    try compute()
    give(output)
  }

  /// The same with a look at the clock after each step: `ends` takes one time for every step. Returns when the
  /// first one began.
  func run(
    input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer,
    ends: UnsafeMutableBufferPointer<UInt64>
  ) throws(InferenceError) -> UInt64 {
    try begin(input, output)
    execution.threads.wake()
    defer { execution.threads.rest() }
    let began = bp_nanoseconds()
    try runSteps(ends.baseAddress)
    give(output)
    return began
  }

  func begin(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) throws(InferenceError) {
    try checkSizes(
      input.count, inputs.reduce(0) { $0 + $1.byteCount }, output.count,
      outputs.reduce(0) { $0 + $1.byteCount })
    try take(input)
  }

  func give(_ output: UnsafeMutableRawBufferPointer) {
    var start = 0
    for index in outputs.indices {
      let count = outputs[index].byteCount
      UnsafeMutableRawBufferPointer(rebasing: output[start..<start + count])
        .copyMemory(
          from: UnsafeRawBufferPointer(start: arena + outputOffsets[index], count: count))
      start += count
    }
  }

  /// The same over arrays.
  public func run(input: [UInt8], output: inout [UInt8]) throws(InferenceError) {
    var failure: InferenceError?
    input.withUnsafeBytes { input in
      output.withUnsafeMutableBytes { output in
        do throws(InferenceError) {
          try run(input: input, output: output)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
  }

  /// Lets layers that keep their state start from zero again.
  public func resetState() {
    for range in states {
      (arena + range.lowerBound).initializeMemory(
        as: UInt8.self, repeating: 0, count: range.count)
    }
  }

  func checkSizes(
    _ input: Int, _ expectedInput: Int, _ output: Int, _ expectedOutput: Int
  ) throws(InferenceError) {
    guard input == expectedInput else {
      throw .inputSize(
        tensor: inputs.first?.name ?? "", expected: expectedInput, actual: input)
    }
    guard output == expectedOutput else {
      throw .outputSize(
        tensor: outputs.first?.name ?? "", expected: expectedOutput, actual: output)
    }
  }

  /// Runs all steps over what lies in the arena.
  func compute() throws(InferenceError) {
    execution.threads.wake()
    defer { execution.threads.rest() }
    try runSteps(nil)
  }

  /// Runs all steps; `ends`, where it is given, takes the time after each of them.
  private func runSteps(_ ends: UnsafeMutablePointer<UInt64>?) throws(InferenceError) {
    var index = 0
    var next = 0
    while index < steps.count {
      if next < joint.count, joint[next].range.lowerBound == index {
        joint[next].run(steps, execution, ends: ends)
        (index, next) = (joint[next].range.upperBound, next + 1)
        continue
      }
      try steps[index].run(execution)
      if let ends { ends[index] = bp_nanoseconds() }
      index += 1
    }
  }

  private func take(_ input: UnsafeRawBufferPointer) throws(InferenceError) {
    var start = 0
    for index in inputs.indices {
      let count = inputs[index].byteCount
      let place = arena + inputOffsets[index]
      UnsafeMutableRawBufferPointer(start: place, count: count)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: input[start..<start + count]))
      start += count
      guard inputs[index].type == .float32 else { continue }
      let values = place.assumingMemoryBound(to: Float.self)
      let position = bk_f32_first_not_finite(count / 4, values)
      if position < count / 4 {
        throw .notFinite(tensor: inputs[index].name, position: position)
      }
    }
  }
}

extension Tensor {
  var spec: TensorSpec {
    TensorSpec(name: name, shape: shape, type: type, quantization: quantization)
  }
}
