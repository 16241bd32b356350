/// The order in which the kernels of recurrent layers take rows of weights: block by block of units, within a
/// block gate by gate. Units are filled up with zeros to whole blocks.
struct GateBlocks: Equatable {
  /// Which of the weights' gates are taken, and how many there are.
  var gates: Range<Int>
  var allGates: Int
  var units: Int
  var block: Int

  var paddedUnits: Int { (units + block - 1) / block * block }
  /// Columns of the packed matrix, and rows of the weights.
  var columns: Int { gates.count * paddedUnits }
  var rows: Int { allGates * units }

  /// Items of `size` bytes, one for each of the weights' rows, in the order of the columns; `filler` in the bytes
  /// of units that are none.
  func ordered(_ items: [UInt8], size: Int, filler: UInt8 = 0) -> [UInt8] {
    var ordered: [UInt8] = []
    ordered.reserveCapacity(columns * size)
    for first in stride(from: 0, to: paddedUnits, by: block) {
      for gate in gates {
        let count = min(block, units - first)
        let start = (gate * units + first) * size
        ordered += items[start..<start + count * size]
        ordered += [UInt8](repeating: filler, count: (block - count) * size)
      }
    }
    return ordered
  }
}
