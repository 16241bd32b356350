internal import ModelFormat

/// Some rows of a matrix of the graph: what one gate has of it.
struct MatrixRows: Equatable {
  var weights: TensorID
  var rows: Range<Int>
}

extension Graph {
  /// The rows, those of one gate behind those of another, as one matrix; `nil` when they do not fit together.
  ///
  /// Converters leave small matrices in float where they quantize others: then all become float, without loss.
  func stacked(_ parts: [MatrixRows], name: String) -> Tensor? {
    let matrices = parts.map { self[$0.weights] }
    guard let first = matrices.first,
      zip(parts, matrices).allSatisfy({ part, matrix in
        matrix.isConstant && matrix.shape.rank == 2 && matrix.shape[1] == first.shape[1]
          && part.rows.upperBound <= matrix.shape[0]
      })
    else { return nil }
    let width = first.shape[1]
    let shape: Shape = [parts.reduce(0) { $0 + $1.rows.count }, width]
    guard matrices.allSatisfy({ $0.type == first.type && $0.type != .int4 }) else {
      var floats: [Float] = []
      for (part, matrix) in zip(parts, matrices) {
        guard let all = matrix.floats else { return nil }
        floats += all[part.rows.lowerBound * width..<part.rows.upperBound * width]
      }
      return Tensor(name: name, shape: shape, type: .float32, data: floats.littleEndianBytes)
    }
    var stack = Tensor(name: name, shape: shape, type: first.type, data: [])
    var scales: [Float] = []
    for (part, matrix) in zip(parts, matrices) {
      let row = width * matrix.type.size
      stack.data? += matrix.data?[part.rows.lowerBound * row..<part.rows.upperBound * row] ?? []
      guard matrix.type == .int8 else { continue }
      guard let given = matrix.quantization?.scales,
        given.count == 1 || (matrix.quantization?.axis == 0 && given.count == matrix.shape[0])
      else { return nil }
      scales += part.rows.map { given[given.count == 1 ? 0 : $0] }
    }
    if first.type == .int8 {
      stack.quantization = Quantization(
        scales: scales, zeroPoints: Array(repeating: 0, count: scales.count), axis: 0)
    }
    return stack
  }
}
