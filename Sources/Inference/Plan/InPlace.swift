internal import ModelFormat

extension Graph {
  /// The position of an input whose memory the node's step may write its output to: steps that read each element,
  /// or each row, before they write it, and nothing at that place afterwards.
  func inPlaceInput(ofNode index: Int, where isFree: (TensorID) -> Bool) -> Int? {
    let node = nodes[index]
    guard let output = node.outputs.first, self[output].type == .float32 else { return nil }
    let candidates: Range<Int>
    switch node.operation {
    case .binary: candidates = 0..<min(2, node.inputs.count)
    case .unary, .leakyReLU, .softmax, .logSoftmax, .l2Normalization, .layerNormalization:
      candidates = 0..<min(1, node.inputs.count)
    default: return nil
    }
    return candidates.first { position in
      guard let input = node.inputs[position] else { return false }
      return self[input].type == .float32 && self[input].shape == self[output].shape
        && isFree(input)
    }
  }
}
