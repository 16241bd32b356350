internal import CKernels

/// Where the parts of a packed matrix lie in its blob. Each part starts at a multiple of 64 bytes;
/// parts that a matrix has not got are empty.
struct MatrixLayout: Equatable {
  var weights = 0
  /// Float32, or int32 for integer results.
  var bias = 0
  /// Float32, of the weights' columns.
  var scales = 0
  /// Int32: the sum of each column.
  var sums = 0
  var multipliers = 0
  var shifts = 0
  var bytes = 0

  init(_ request: MatrixRequest, tile: Tile) {
    let (n, k, segments) = (request.n, request.k, request.segments)
    let width = request.type.width(tile)
    let packed =
      switch request.type {
      case .float32: 4 * bk_float_packed_count(n, segments * k, width)
      case .float16: 2 * bk_float_packed_count(n, segments * k, width)
      case .int8: bk_i8_packed_count(n, segments, k, width)
      case .int8Channels: n * k
      case .int4: bk_i4_packed_count(n, k, width)
      }
    let row = MemoryPlan.aligned((n + Tile.widest - 1) / Tile.widest * Tile.widest * 4)
    bias = MemoryPlan.aligned(packed)
    var end = bias
    func part(_ isThere: Bool) -> Int {
      defer { end += isThere ? row : 0 }
      return end
    }
    let isFloat = request.result == .float
    _ = part(request.bias != nil || !isFloat)
    scales = part(request.isInt8 && isFloat)
    sums = part(request.isInt8)
    let isRequantized = if case .int8 = request.result { true } else { false }
    multipliers = part(isRequantized)
    shifts = part(isRequantized)
    bytes = end
  }
}
