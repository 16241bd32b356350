internal import ModelFormat

/// A tensor as a way to read another one, which it was made from by reshapes and transposes alone.
struct StridedView {
  struct Axis: Equatable {
    var extent: Int
    var stride: Int
  }

  /// The tensor that is read.
  var root: TensorID
  var axes: [Axis]

  init(of id: TensorID, in graph: Graph, _ index: GraphIndex) {
    root = id
    axes = Self.dense(graph[id].shape)
    guard let position = index.producer(of: id), let input = graph.nodes[position].inputs.first,
      let input
    else { return }
    switch graph.nodes[position].operation {
    case .transpose(let permutation):
      let source = StridedView(of: input, in: graph, index)
      root = source.root
      axes = permutation.map { source.axes[$0] }
    case .reshape:
      let source = StridedView(of: input, in: graph, index)
      guard let regrouped = Self.regrouped(source.axes, to: graph[id].shape) else { return }
      root = source.root
      axes = regrouped
    default: return
    }
  }

  private static func dense(_ shape: Shape) -> [Axis] {
    let strides = Walk.strides(shape.dimensions)
    return zip(shape.dimensions, strides).map { Axis(extent: $0, stride: $0 == 1 ? 0 : $1) }
  }

  /// The same elements in the same order along other extents; `nil` where that takes more than one stride an axis.
  private static func regrouped(_ axes: [Axis], to shape: Shape) -> [Axis]? {
    var rest = Array(axes.filter { $0.extent != 1 }.reversed())
    var result: [Axis] = []
    for extent in shape.dimensions.reversed() {
      if extent == 1 {
        result.append(Axis(extent: 1, stride: 0))
        continue
      }
      while let first = rest.first, first.extent % extent != 0 {
        guard rest.count > 1, rest[1].stride == first.stride * first.extent else { return nil }
        rest[0].extent *= rest[1].extent
        rest.remove(at: 1)
      }
      guard let first = rest.first else { return nil }
      result.append(Axis(extent: extent, stride: first.stride))
      rest[0] = Axis(extent: first.extent / extent, stride: first.stride * extent)
      if rest[0].extent == 1 { rest.removeFirst() }
    }
    return rest.isEmpty ? result.reversed() : nil
  }
}
