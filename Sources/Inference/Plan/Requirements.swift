/// What a node takes beside its inputs and outputs.
struct Requirements {
  /// Working memory during its step.
  var scratchBytes = 0
  /// Memory that survives from run to run.
  var stateBytes = 0
  /// Memory that is filled when the image is bound, and only read from then on. It lies outside of the
  /// arena: an image that places tensors over each other cannot make a table point elsewhere.
  var tableBytes = 0
  /// Weights that the image holds packed.
  var matrices: [MatrixRequest] = []
}

/// Where a node's operands lie once the arena is there and the image is mapped.
struct Binding {
  var inputs: [UnsafeRawPointer?]
  var outputs: [UnsafeMutableRawPointer?]
  var scratch: UnsafeMutableRawPointer
  var state: UnsafeMutableRawPointer
  /// All zeros at first.
  var table: UnsafeMutableRawPointer
  var matrices: [Matrix]

  /// The operand at a position that planning has found to be there.
  func input(_ position: Int) -> UnsafeRawPointer {
    guard let pointer = inputs[position] else { preconditionFailure("operand was checked") }
    return pointer
  }

  func floats(_ position: Int) -> UnsafePointer<Float> {
    input(position).assumingMemoryBound(to: Float.self)
  }

  func optionalFloats(_ position: Int) -> UnsafePointer<Float>? {
    guard position < inputs.count, let pointer = inputs[position] else { return nil }
    return pointer.assumingMemoryBound(to: Float.self)
  }

  var output: UnsafeMutableRawPointer {
    guard let pointer = outputs[0] else { preconditionFailure("operand was checked") }
    return pointer
  }

  var outputFloats: UnsafeMutablePointer<Float> { output.assumingMemoryBound(to: Float.self) }
}
