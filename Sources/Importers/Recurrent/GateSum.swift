internal import ModelFormat

/// What a gate is before its function: products of matrices with vectors, and biases.
///
/// Where gates share a product, each is a cut of it, so that rows of the matrix belong to each.
struct GateSum {
  struct Product {
    var operand: TensorID
    var matrix: MatrixRows
  }

  var products: [Product] = []
  /// `nil` where there is none.
  var bias: [Float]?
  /// The factors of a product with another gate, which is one of the terms.
  var gated: (sigmoid: TensorID, other: TensorID)?

  /// More terms than any cell has; it bounds the reading of graphs that only look like one.
  private static let limit = 64

  /// Reads all terms of `tensor`, which has `units` elements in each row; `nil` when one is of another kind.
  init?(_ tensor: TensorID, units: Int, _ reader: CellReader) {
    var pending: [(tensor: TensorID, first: Int)] = [(tensor, 0)]
    for _ in 0..<Self.limit {
      guard let (tensor, first) = pending.popLast() else { return }
      let graph = reader.graph
      guard let width = graph[tensor].shape.dimensions.last, first + units <= width,
        graph[tensor].type == .float32
      else { return nil }
      if graph[tensor].isConstant {
        guard isOneRow(graph[tensor], of: width), add(graph[tensor], first, units) else {
          return nil
        }
        continue
      }
      let origin = reader.origin(of: tensor)
      guard let node = reader.node(behind: origin), let x = node.inputs[0] else { return nil }
      switch node.operation {
      case .slice(let begin, let strides):
        guard strides.allSatisfy({ $0 == 1 }), begin.dropLast().allSatisfy({ $0 == 0 }),
          graph[x].shape.dimensions.dropLast() == graph[origin].shape.dimensions.dropLast()
        else { return nil }
        pending.append((x, first + (begin.last ?? 0)))
      case .binary(.add, .none):
        guard let y = node.inputs[1], graph[x].shape.dimensions.last == width,
          graph[y].shape.dimensions.last == width
        else { return nil }
        pending += [(x, first), (y, first)]
      case .dense(.none):
        guard let weights = node.inputs[1] else { return nil }
        if node.inputs.count > 2, let bias = node.inputs[2], !add(graph[bias], first, units) {
          return nil
        }
        // A state that is known to be zero leaves the bias alone.
        if graph[x].isConstant {
          guard graph[x].floats?.allSatisfy({ $0 == 0 }) == true else { return nil }
          continue
        }
        let rows = MatrixRows(weights: weights, rows: first..<first + units)
        products.append(Product(operand: reader.origin(of: x), matrix: rows))
      case .binary(.multiply, .none):
        guard gated == nil, width == units, let factors = reader.gated(behind: origin) else {
          return nil
        }
        gated = factors
      default: return nil
      }
    }
    return nil
  }

  /// Whether all rows are the same: converters write out the bias of a first step for each of a batch.
  private func isOneRow(_ constant: Tensor, of width: Int) -> Bool {
    if constant.shape.elementCount == width { return true }
    guard let floats = constant.floats, floats.count > width else { return false }
    return floats.indices.allSatisfy { floats[$0] == floats[$0 % width] }
  }

  /// Adds elements of a constant to the bias.
  private mutating func add(_ constant: Tensor, _ first: Int, _ units: Int) -> Bool {
    guard let floats = constant.floats, floats.count >= first + units else { return false }
    let part = floats[first..<first + units]
    bias = bias.map { zip($0, part).map(+) } ?? Array(part)
    return true
  }
}
