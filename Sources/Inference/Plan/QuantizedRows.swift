internal import CKernels

/// Scratch memory of a product that quantizes its rows: their scales, then their int8 values.
struct QuantizedRows {
  var scales: UnsafeMutablePointer<Float>
  var values: UnsafeMutablePointer<Int8>
  /// Bytes from row to row.
  var stride: Int

  init(_ scratch: UnsafeMutableRawPointer, rows: Int, k: Int) {
    scales = scratch.assumingMemoryBound(to: Float.self)
    values = (scratch + MemoryPlan.aligned(rows * 4)).assumingMemoryBound(to: Int8.self)
    stride = Matrix.quantizedRow(k)
  }
}

extension Matrix {
  /// Bytes of a row of int8 activations: what the kernels read of it.
  static func quantizedRow(_ k: Int) -> Int {
    let alignment = Int(BK_I8_K_ALIGNMENT)
    return (k + alignment - 1) / alignment * alignment
  }

  /// Scratch that a product with float rows takes.
  static func scratchBytes(rows: Int, k: Int, type: MatrixType) -> Int {
    type == .int8 ? MemoryPlan.aligned(rows * 4) + rows * quantizedRow(k) + 64 : 0
  }
}
