internal import ModelFormat

/// A vector, or one for each of a batch, as one step of a sequence.
struct SequenceRow {
  var source: TensorID
  /// The source's axis of time: 0 or 1.
  var axis: Int
  var index: Int

  init(source: TensorID, axis: Int, index: Int) {
    (self.source, self.axis, self.index) = (source, axis, index)
  }

  /// Reads the slice behind `tensor`; `nil` when it is no whole step of a sequence.
  init?(behind tensor: TensorID, _ reader: CellReader) {
    guard let node = reader.node(behind: reader.origin(of: tensor)), let source = node.inputs[0],
      case .slice(let begin, let strides) = node.operation, strides.allSatisfy({ $0 == 1 })
    else { return nil }
    let (whole, part) = (reader.graph[source].shape, reader.graph[node.outputs[0]].shape)
    guard whole.rank == 3,
      let axis = [1, 0].first(where: { axis in
        whole[axis] > 1 && part[axis] == 1
          && (0..<3).allSatisfy { $0 == axis || whole[$0] == part[$0] }
      })
    else { return nil }
    self.init(source: source, axis: axis, index: begin[axis])
  }
}

extension [SequenceRow] {
  /// Whether they are all steps of one sequence, from its first to its last, or from its last to its first.
  func direction(in graph: Graph) -> (first: SequenceRow, reversed: Bool)? {
    guard let first, allSatisfy({ $0.source == first.source && $0.axis == first.axis }),
      graph[first.source].shape[first.axis] == count
    else { return nil }
    if map(\.index).elementsEqual(0..<count) { return (first, false) }
    return map(\.index).elementsEqual((0..<count).reversed()) ? (first, true) : nil
  }
}
