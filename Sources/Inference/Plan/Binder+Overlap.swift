internal import ModelFormat

extension Binder {
  /// Refuses an image where a layer would write over what it still reads.
  ///
  /// Only an output may lie where an operand lies, and then it starts where that starts: what works
  /// element by element may work in place.
  func checkOverlaps(ofNode index: Int) throws(InferenceError) {
    let node = image.graph.nodes[index]
    var operands: [Range<Int>] = []
    for id in image.graph.reads(ofNode: index) where image.constants[id.index] == nil {
      guard image.arena.tensors[id.index] != nil else { continue }
      let start = try offset(of: id)
      operands.append(start..<start + (try bytes(of: id)))
    }
    var written: [Range<Int>] = []
    for id in node.outputs {
      let start = try offset(of: id)
      written.append(start..<start + (try bytes(of: id)))
    }
    let outputs = written.count
    let needs = requirements[index]
    let (scratch, state) = (image.arena.scratch[index], image.arena.state[index])
    written.append(scratch..<scratch + needs.scratchBytes)
    written.append(state..<state + needs.stateBytes)
    for place in written.indices {
      for operand in operands where operand.overlaps(written[place]) {
        guard place < outputs, operand.lowerBound == written[place].lowerBound else {
          throw .damagedImage("layer '\(node.name)' writes over what it reads")
        }
      }
      for other in 0..<place where written[other].overlaps(written[place]) {
        throw .damagedImage("layer '\(node.name)' writes twice to one place")
      }
    }
  }
}
