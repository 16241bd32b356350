internal import CKernels

extension Interpreter {
  /// One run of which every step notes the kernels that it calls: for each step their names, in the order of their first
  /// calls, joined by commas. A table may borrow a kernel; the name tells whose it is. "portable" stands for
  /// functions that are the only ones of their kind. Not for two interpreters at once.
  func kernelNames(
    input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer
  ) throws(InferenceError) -> [String] {
    try begin(input, output)
    var names: [String] = []
    for index in steps.indices {
      let tracing = Execution(
        for: deviceClass.tile, threads: execution.threads,
        kernels: bk_trace_begin(execution.kernels))
      try steps[index].run(tracing)
      names.append(tracedNames)
    }
    give(output)
    return names
  }

  /// What the last table that traces has noted.
  private var tracedNames: String {
    var names = ""
    var position = 0
    while case let entry = bk_trace_call(position), entry >= 0 {
      if position > 0 { names += ", " }
      let isa = text(bk_entry_isa(execution.kernels, Int(entry)))
      names += "bk_\(text(bk_entry_name(Int(entry))))__\(isa)"
      position += 1
    }
    return names.isEmpty ? "portable" : names
  }
}
