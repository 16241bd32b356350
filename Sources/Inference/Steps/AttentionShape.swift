internal import ModelFormat

/// The sizes of an attention, checked, and how its operands are read: no head is ever moved.
struct AttentionShape {
  var batch: Int
  var heads: Int
  var queries: Int
  var keys: Int
  /// Values of one head's query and key, and of its value.
  var size: Int
  var valueSize: Int
  var scale: Float
  /// From one token to the next.
  var queryStride: Int
  var keyStride: Int
  var valueStride: Int
  /// Where keys and values begin in an operand that holds all three.
  var keyStart = 0
  var valueStart = 0
  var isPacked: Bool

  init(_ view: NodeView) throws(InferenceError) {
    guard case .attention(let payload) = view.node.operation else {
      preconditionFailure("made from an attention node")
    }
    isPacked = view.node.inputs.count == 1
    let q = try view.floatInput(0)
    let k = try view.floatInput(isPacked ? 0 : 1)
    let v = try view.floatInput(isPacked ? 0 : 2)
    let y = try view.floatOutput()
    for tensor in [q, k, v, y] {
      try view.require(tensor.shape.rank == 3, tensor, "must have rank 3")
      _ = try view.count(tensor)
    }
    let parts = isPacked ? 3 : 1
    heads = payload.heads
    scale = payload.scale
    for tensor in [q, k, v] {
      let divides = heads > 0 && heads <= 1 << 16 && tensor.shape[2] % (heads * parts) == 0
      try view.require(divides, tensor, "does not divide into \(heads) heads")
    }
    (batch, queries, keys) = (q.shape[0], q.shape[1], k.shape[1])
    let fits = k.shape[0] == batch && v.shape[0] == batch && v.shape[1] == keys
    try view.require(fits && k.shape[2] == q.shape[2], k, "does not fit the queries")
    (queryStride, keyStride, valueStride) = (q.shape[2], k.shape[2], v.shape[2])
    size = q.shape[2] / parts / heads
    valueSize = v.shape[2] / parts / heads
    if isPacked { (keyStart, valueStart) = (heads * size, 2 * heads * size) }
    let expected: Shape = [batch, queries, heads * valueSize]
    try view.require(y.shape == expected, y, "has not one row for each query")
    _ = try view.product([keys + Tile.widest, max(size, valueSize) + Tile.widest, 4], for: k)
    _ = try view.product([queries, queryStride, 4], for: q)
  }

  var macs: Int { batch * heads * queries * keys * (size + valueSize) }

  /// Queries that are worked on together: their scores stay in the first-level cache.
  var block: Int { max(8, min(queries, 4096 / keys / 8 * 8)) }
}
