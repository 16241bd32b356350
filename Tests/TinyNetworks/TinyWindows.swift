import DataSets

/// Labelled windows for ``TinyNetwork``, as a `.npz` file: class `c` has its four numbers near 1.
public enum TinyWindows {
  public static func npz(count: Int) -> [UInt8] {
    var values: [Float] = []
    var labels: [Int32] = []
    for index in 0..<count {
      let label = index % TinyNetwork.classes
      labels.append(Int32(label))
      for place in 0..<TinyNetwork.inputs {
        let noise = Float((index * 37 + place * 101) % 97) / 970
        values.append(place / 4 == label ? 1 - noise : noise)
      }
    }
    return NPZ.encode([
      (key: "x", array: NPY(shape: [count, TinyNetwork.inputs], .float32(values))),
      (key: "y", array: NPY(shape: [count], .int32(labels))),
    ])
  }
}
