internal import CKernels
internal import CPosix
internal import ModelFormat

/// The sizes of a recurrent layer, checked, and where the parts of its working memory lie.
struct RecurrentSizes {
  var batch: Int
  var steps: Int
  var inputs: Int
  var units: Int
  /// 4 for an LSTM, 3 for a GRU.
  var gates: Int
  var keepsState: Bool
  var reversed: Bool
  var isRepeated: Bool
  /// W with the biases, R, and what R has to multiply by itself.
  var matrices: [MatrixRequest] = []

  private let block: Int

  var paddedUnits: Int { (units + block - 1) / block * block }
  /// Rows of the input's part of the gates.
  var gateRows: Int { isRepeated ? 1 : steps }
  var macs: Int {
    batch * (gateRows * gates * units * inputs + steps * gates * units * units)
  }

  /// Checks the operands of the node; `gates` are rows of its weights for each unit.
  init(_ view: NodeView, gates: Int, keepsState: Bool, reversed: Bool) throws(InferenceError) {
    let source = view.graph.repeatedInput(ofNode: view.index)
    let x = if let source { view.graph[source] } else { try view.floatInput(0) }
    let y = try view.floatOutput()
    try view.require(x.type == .float32, x, "must be float32")
    try view.require(x.shape.rank == 3 && y.shape.rank == 3, x, "input and output must have rank 3")
    _ = try (view.count(x), view.count(y))
    (batch, steps, units) = (y.shape[0], y.shape[1], y.shape[2])
    inputs = x.shape[2]
    isRepeated = source != nil
    block = view.tile.units
    (self.gates, self.keepsState, self.reversed) = (gates, keepsState, reversed)
    let fits = x.shape[0] == batch && (isRepeated || x.shape[1] == steps)
    try view.require(fits, y, "has other batch or time than the input")
    // What the layout below multiplies fits 32 bits.
    let columns = try view.product([gates + 5, units + block], for: y)
    _ = try view.product([steps + 2, columns, 4], for: y)
    _ = try view.product([batch + 2, columns, 8], for: y)
    _ = try view.product([steps + Int(BP_MOST_THREADS), max(inputs, units) + 64, 4], for: x)
  }

  /// A matrix of some of the gates, with the bias at input `bias`.
  func matrix(
    _ view: NodeView, weights: Int, bias: Int?, gates taken: Range<Int>, k: Int
  ) throws(InferenceError) -> MatrixRequest {
    let rows = try view.product([gates, units], for: try view.output())
    var request = try view.matrix(weights: weights, bias: bias, n: rows, k: k, takesBlocks: true)
    let blocks = GateBlocks(gates: taken, allGates: gates, units: units, block: block)
    request.n = blocks.columns
    request.gates = blocks
    return request
  }

  var stateBytes: Int { keepsState ? (gates == 4 ? 2 : 1) * batch * paddedUnits * 4 : 0 }

  /// Bytes from the start of the working memory; each part starts at a multiple of 64.
  var parts: Parts { Parts(self) }

  struct Parts {
    var gates: Int
    var row: Int
    var hidden: Int
    var cell: Int
    var reset: Int
    var update: Int
    var quantized: Int
    var scales: Int
    var sums: Int
    var bytes: Int

    fileprivate init(_ sizes: RecurrentSizes) {
      var end = 0
      func part(_ bytes: Int) -> Int {
        defer { end += MemoryPlan.aligned(bytes) }
        return end
      }
      let (row, threads) = (4 * sizes.paddedUnits, Int(BP_MOST_THREADS))
      gates = part(sizes.gateRows * sizes.gates * row)
      self.row = part(sizes.gates * row)
      hidden = part(row)
      cell = part(row)
      let isGRU = sizes.gates == 3
      reset = part(isGRU ? row : 0)
      update = part(isGRU ? row : 0)
      let isQuantized = sizes.matrices.contains { $0.type != .float32 && $0.type != .float16 }
      // Rows of W's products, and a state for each thread, as `recurrent.c` lays them out.
      let (k, state) = (MemoryPlan.aligned(sizes.inputs), MemoryPlan.aligned(sizes.units))
      quantized = part(isQuantized ? sizes.gateRows * k + 64 + threads * state : 0)
      scales = part(isQuantized ? MemoryPlan.aligned(sizes.gateRows * 4) + threads * 64 : 0)
      sums = part(isQuantized ? (sizes.gateRows * k + threads * state) / 8 : 0)
      bytes = end
    }
  }
}
