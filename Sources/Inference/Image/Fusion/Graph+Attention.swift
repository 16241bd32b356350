internal import ModelFormat

/// Attention out of two batched products with a softmax between them. The transposes and reshapes that bring heads
/// together and apart go: the step reads and writes heads where the projections have them.
extension Graph {
  mutating func fuseAttention() {
    var position = 0
    while position < nodes.count {
      let index = GraphIndex(self)
      if let pattern = AttentionPattern(at: position, in: self, index) {
        position += replace(position, pattern)
      } else {
        position += 1
      }
    }
  }

  /// Returns how many nodes stand in the place of one.
  private mutating func replace(_ position: Int, _ pattern: AttentionPattern) -> Int {
    let product = nodes[position]
    var replacement: [Node] = []
    let operands = [pattern.query, pattern.key, pattern.value].map { operand -> TensorID? in
      reshaped(operand.root, to: operand.shape, &replacement)
    }
    let (q, v) = (pattern.query.shape, pattern.value.shape)
    let output = add(
      Tensor(name: product.name, shape: [q[0], q[1], v[2]], type: .float32))
    replacement.append(
      Node(
        name: product.name,
        operation: .attention(Attention(heads: pattern.heads, scale: pattern.scale)),
        inputs: operands, outputs: [output]))
    if pattern.transposes.isEmpty {
      replacement.append(
        Node(
          name: product.name + "/shape", operation: .reshape, inputs: [output],
          outputs: product.outputs))
    }
    for transpose in pattern.transposes {
      nodes[transpose].operation = .reshape
      nodes[transpose].inputs = [output]
    }
    nodes.replaceSubrange(position...position, with: replacement)
    return replacement.count
  }
}

/// What an attention reads, and which nodes only bring its heads back together.
private struct AttentionPattern {
  /// A tensor that is read as [batch, tokens, heads · size].
  struct Operand {
    var root: TensorID
    var shape: Shape
  }

  var query: Operand
  var key: Operand
  var value: Operand
  var heads: Int
  var scale: Float
  var transposes: [Int] = []

  init?(at position: Int, in graph: Graph, _ index: GraphIndex) {
    guard case .batchMatMul(false, let valuesAreTurned) = graph.nodes[position].operation,
      let weights = graph.nodes[position].inputs[0], let values = graph.nodes[position].inputs[1],
      graph[graph.nodes[position].outputs[0]].type == .float32,
      let scores = Scores(behind: weights, graph, index)
    else { return nil }
    let views = [
      View(of: scores.query.id, isTurned: scores.query.isTurned, graph, index),
      View(of: scores.key.id, isTurned: scores.key.isTurned, graph, index),
      View(of: values, isTurned: valuesAreTurned, graph, index),
    ]
    scale = scores.scale
    let output = graph.nodes[position].outputs[0]
    // Heads that are whole matrices already are as many samples.
    let apart = views.compactMap { $0?.operand(isSplit: false) }
    let split = views.compactMap { $0?.operand(isSplit: true) }
    if apart.count == 3 {
      (query, key, value) = (apart[0], apart[1], apart[2])
      heads = 1
    } else if split.count == 3, let count = views[0]?.heads {
      (query, key, value) = (split[0], split[1], split[2])
      heads = count
      let readers = index.readers[output.index]
      let bringsTogether = Operator.transpose(permutation: [0, 2, 1, 3])
      guard !graph.outputs.contains(output), !readers.isEmpty,
        readers.allSatisfy({ graph.nodes[$0].operation == bringsTogether })
      else { return nil }
      transposes = readers
    } else {
      return nil
    }
    let (q, k, v) = (query.shape, key.shape, value.shape)
    guard q[0] == k[0], k[0] == v[0], k[1] == v[1], q[2] == k[2], scale.isFinite, scale > 0,
      views.allSatisfy({ $0?.heads == views[0]?.heads })
    else { return nil }
  }

  /// Softmax over the products of queries and keys, times a number, perhaps computed the other way round.
  private struct Scores {
    var query: (id: TensorID, isTurned: Bool)
    var key: (id: TensorID, isTurned: Bool)
    var scale: Float

    init?(behind weights: TensorID, _ graph: Graph, _ index: GraphIndex) {
      guard let softmax = index.producer(of: weights),
        case .softmax(let beta) = graph.nodes[softmax].operation
      else { return nil }
      scale = beta
      var current = graph.nodes[softmax].inputs[0]
      var isSwapped = false
      while let id = current, let position = index.producer(of: id) {
        let node = graph.nodes[position]
        switch node.operation {
        case .binary(let kind, .none):
          guard let factor = graph.scaling(node, kind) else { return nil }
          scale *= factor.number
          current = factor.x
        case .transpose(let permutation):
          guard permutation.swapsLastTwo else { return nil }
          isSwapped.toggle()
          current = node.inputs[0]
        case .batchMatMul(let turnsA, let turnsB):
          guard let a = node.inputs[0], let b = node.inputs[1] else { return nil }
          query = isSwapped ? (b, !turnsB) : (a, turnsA)
          key = isSwapped ? (a, turnsA) : (b, !turnsB)
          return
        default: return nil
        }
      }
      return nil
    }
  }

  /// [batch, heads, tokens, features] of a root.
  private struct View {
    var root: TensorID
    var batch: StridedView.Axis
    var head: StridedView.Axis
    var token: StridedView.Axis
    var feature: StridedView.Axis
    var heads: Int { head.extent }

    init?(of id: TensorID, isTurned: Bool, _ graph: Graph, _ index: GraphIndex) {
      let view = StridedView(of: id, in: graph, index)
      var axes = view.axes
      guard (2...4).contains(axes.count), graph[view.root].type == .float32 else { return nil }
      if isTurned { axes.swapAt(axes.count - 1, axes.count - 2) }
      while axes.count < 4 { axes.insert(.init(extent: 1, stride: 0), at: 0) }
      root = view.root
      (batch, head, token, feature) = (axes[0], axes[1], axes[2], axes[3])
    }

    /// As [batch, tokens, heads · size] when heads lie side by side in each token (`isSplit`), or as
    /// [batch · heads, tokens, size] when each head is a matrix by itself; `nil` when they lie otherwise.
    func operand(isSplit: Bool) -> Operand? {
      let (h, t, d) = (head.extent, token.extent, feature.extent)
      func lies(_ axis: StridedView.Axis, _ stride: Int) -> Bool {
        axis.extent == 1 || axis.stride == stride
      }
      let fits =
        isSplit
        ? lies(token, h * d) && lies(head, d) : lies(token, d) && lies(head, t * d)
      guard fits, lies(feature, 1), lies(batch, h * t * d) else { return nil }
      return Operand(
        root: root, shape: isSplit ? [batch.extent, t, h * d] : [batch.extent * h, t, d])
    }
  }
}

extension [Int] {
  /// Whether a permutation exchanges the last two axes and leaves the others.
  var swapsLastTwo: Bool {
    guard count >= 2 else { return false }
    var expected = Array(indices)
    expected.swapAt(count - 1, count - 2)
    return self == expected
  }
}

extension Graph {
  /// What a product or quotient with a positive number scales, and by how much.
  func scaling(_ node: Node, _ kind: BinaryKind) -> (x: TensorID, number: Float)? {
    guard let a = node.inputs[0], let b = node.inputs[1] else { return nil }
    let isFirst = number(b) != nil
    let x = isFirst ? a : b
    guard let number = number(isFirst ? b : a), number > 0, number.isFinite,
      self[x].shape == self[node.outputs[0]].shape
    else { return nil }
    switch kind {
    case .multiply: return (x, number)
    case .divide where isFirst: return (x, 1 / number)
    default: return nil
    }
  }
}
