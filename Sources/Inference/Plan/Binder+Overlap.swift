internal import ModelFormat

extension Binder {
  /// Refuses an image where a layer would write over what it still reads.
  ///
  /// An output may lie where an operand lies if the step may work in place there.
  func checkOverlaps(ofNode index: Int) throws(InferenceError) {
    let node = image.graph.nodes[index]
    let places = image.arena.tensors
    let inPlace = image.graph.inPlaceInput(ofNode: index) {
      places[$0.index] == places[node.outputs[0].index]
    }
    let shared = inPlace.flatMap { node.inputs[$0] }
    var operands: [Range<Int>] = []
    for id in image.graph.reads(ofNode: index)
    where image.constants[id.index] == nil && id != shared {
      guard image.arena.tensors[id.index] != nil else { continue }
      let start = try offset(of: id)
      operands.append(start..<start + (try bytes(of: id)))
    }
    var written: [Range<Int>] = []
    for id in node.outputs {
      let start = try offset(of: id)
      written.append(start..<start + (try bytes(of: id)))
    }
    let needs = requirements[index]
    let (scratch, state) = (image.arena.scratch[index], image.arena.state[index])
    written.append(scratch..<scratch + needs.scratchBytes)
    written.append(state..<state + needs.stateBytes)
    for place in written.indices {
      for operand in operands where operand.overlaps(written[place]) {
        throw .damagedImage("layer '\(node.name)' writes over what it reads")
      }
      for other in 0..<place where written[other].overlaps(written[place]) {
        throw .damagedImage("layer '\(node.name)' writes twice to one place")
      }
    }
  }

  /// What the step of a node reads and writes of the arena.
  func spans(ofNode index: Int) throws(InferenceError) -> [ArenaSpan] {
    var spans: [ArenaSpan] = []
    for id in image.graph.reads(ofNode: index) where image.arena.tensors[id.index] != nil {
      let start = try offset(of: id)
      spans.append(
        ArenaSpan(range: start..<start + (try bytes(of: id)), isWritten: false, isOperand: true))
    }
    for id in image.graph.nodes[index].outputs {
      let start = try offset(of: id)
      spans.append(
        ArenaSpan(range: start..<start + (try bytes(of: id)), isWritten: true, isOperand: true))
    }
    let scratch = image.arena.scratch[index]
    spans.append(
      ArenaSpan(
        range: scratch..<scratch + requirements[index].scratchBytes, isWritten: true,
        isOperand: false))
    return spans
  }
}
