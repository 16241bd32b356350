/// Windows of sensor data, one behind the other.
public struct Windows: Equatable, Sendable {
  /// The shape of one window.
  public var shape: [Int]
  /// Window after window, row-major.
  public var values: [Float]
  public let count: Int

  /// `values` must be whole windows of `shape`, whose extents are not 0.
  public init(shape: [Int], values: [Float]) {
    let size = shape.reduce(1, *)
    precondition(size > 0 && values.count.isMultiple(of: size), "no whole windows of \(shape)")
    self.shape = shape
    self.values = values
    count = values.count / size
  }

  /// Reads a `.npy` file, or one array of a `.npz` file.
  public init(
    contentsOf path: String, key: String = "x", inputShape: [Int]? = nil
  ) throws(DataSetError) {
    if path.hasSuffix(".npy") {
      self = try Windows(NPY(contentsOf: path), inputShape: inputShape, file: path, key: nil)
    } else {
      let array = try NPZ(contentsOf: path).array(key)
      self = try Windows(array, inputShape: inputShape, file: path, key: key)
    }
  }

  /// From an array whose first axis counts the windows. Every number must be finite.
  public init(
    _ array: NPY, inputShape: [Int]? = nil, file: String, key: String?
  ) throws(DataSetError) {
    func unfit(_ why: String) -> DataSetError {
      DataSetError(file: file, key: key, .unfit(why))
    }
    guard let values = array.floats else {
      throw unfit("holds \(array.elements.typeDescription); windows are numbers")
    }
    guard array.shape.count >= 2, !values.isEmpty else {
      throw unfit("has shape \(array.shape); windows are [count, ...] with at least one")
    }
    let shape = Array(array.shape.dropFirst())
    if let inputShape, shape.filter({ $0 != 1 }) != inputShape.filter({ $0 != 1 }) {
      throw unfit("has windows of shape \(shape); the model takes \(inputShape)")
    }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      let window = place / (values.count / array.shape[0])
      throw unfit("window \(window) holds a number that is not finite (\(values[place]))")
    }
    self.init(shape: shape, values: values)
  }

  /// The numbers of window `index`.
  public subscript(index: Int) -> ArraySlice<Float> {
    let size = values.count / count
    return values[index * size..<(index + 1) * size]
  }

  /// Those at `indices`, in that order.
  public func selecting(_ indices: [Int]) -> Windows {
    Windows(shape: shape, values: indices.flatMap { self[$0] })
  }
}
