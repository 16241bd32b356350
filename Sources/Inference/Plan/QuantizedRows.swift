internal import CKernels

/// Scratch memory of a product that quantizes its rows: their scales, the sums of their blocks (for int4
/// weights), then their int8 values.
struct QuantizedRows {
  var scales: UnsafeMutablePointer<Float>
  var sums: UnsafeMutablePointer<Int32>
  var values: UnsafeMutablePointer<Int8>
  /// Bytes from row to row.
  var stride: Int

  init(_ scratch: UnsafeMutableRawPointer, rows: Int, k: Int, type: MatrixType) {
    let start = MemoryPlan.aligned(rows * 4)
    scales = scratch.assumingMemoryBound(to: Float.self)
    sums = (scratch + start).assumingMemoryBound(to: Int32.self)
    values = (scratch + start + Self.sumBytes(rows: rows, k: k, type: type))
      .assumingMemoryBound(to: Int8.self)
    stride = Self.stride(k, type)
  }

  /// The places of the rows from `row` on.
  func from(_ row: Int) -> QuantizedRows {
    var places = self
    places.scales += row
    places.sums += row * (stride / Int(BK_I4_BLOCK))
    places.values += row * stride
    return places
  }

  private static func stride(_ k: Int, _ type: MatrixType) -> Int {
    let block = Int(BK_I4_BLOCK)
    return type == .int4 ? (k + block - 1) / block * block : Matrix.quantizedRow(k)
  }

  private static func sumBytes(rows: Int, k: Int, type: MatrixType) -> Int {
    type == .int4 ? MemoryPlan.aligned(rows * stride(k, type) / Int(BK_I4_BLOCK) * 4) : 0
  }

  static func bytes(rows: Int, k: Int, type: MatrixType) -> Int {
    switch type {
    case .float32, .float16, .int8Channels: 0
    case .int8, .int4:
      MemoryPlan.aligned(rows * 4) + sumBytes(rows: rows, k: k, type: type)
        + rows * stride(k, type) + 64
    }
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
    QuantizedRows.bytes(rows: rows, k: k, type: type)
  }
}
