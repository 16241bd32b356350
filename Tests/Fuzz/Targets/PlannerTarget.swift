import Encoding
import ModelFormat

@testable import Inference

/// The planner: a package becomes an image, an image is bound to memory, and both are run once.
///
/// Nothing but a typed error may stand in the way, and no step may leave the memory that it was given.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPlanner(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  if let graph = try? Package(decoding: bytes).graph {
    guard graph.isSmall else { return 0 }
    for deviceClass in [DeviceClass.generic, .current] {
      guard let image = try? ImageBuilder.image(of: graph, for: deviceClass) else { continue }
      run(image, mustFit: true)
    }
  } else {
    run(bytes, mustFit: false)
  }
  return 0
}

/// Runs an image; `mustFit` where it was made here.
private func run(_ image: [UInt8], mustFit: Bool) {
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: image.count, alignment: 64)
  defer { memory.deallocate() }
  memory.copyBytes(from: image)
  let bytes = UnsafeRawBufferPointer(memory)
  guard let view = try? ContainerView(bytes, kind: .image),
    let decoded = try? Image(view.document), decoded.arena.bytes <= 1 << 16
  else { return }
  do {
    let interpreter = try Interpreter(image: bytes)
    let input = interpreter.inputs.reduce(0) { $0 + $1.byteCount }
    let output = interpreter.outputs.reduce(0) { $0 + $1.byteCount }
    // Finite numbers between 0.5 and 2, whatever type they are read as.
    var result = [UInt8](repeating: 0, count: output)
    let values = (0..<input).map { UInt8($0 % 4 == 3 ? 0x3f : $0 % 251) }
    try? interpreter.run(input: values, output: &result)
  } catch {
    precondition(!mustFit, "an image made here is refused: \(error)")
  }
}

extension Graph {
  /// Whether one run takes microseconds; the fuzzer looks for wrong steps, not for long ones.
  fileprivate var isSmall: Bool {
    var elements = 0
    for tensor in tensors { elements += tensor.shape.elementCount ?? 0 }
    return elements < 1 << 16 && macs < 1 << 20
  }
}
