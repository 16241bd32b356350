/// Windows of sensor data, each with the class that it belongs to.
public struct LabelledWindows: Equatable, Sendable {
  public var windows: Windows
  /// One for each window, from 0 on.
  public var labels: [Int]

  /// There must be as many labels as windows.
  public init(windows: Windows, labels: [Int]) {
    precondition(windows.count == labels.count, "\(labels.count) labels, \(windows.count) windows")
    self.windows = windows
    self.labels = labels
  }

  /// Reads a `.npz` file.
  ///
  /// - Parameters:
  ///   - inputShape: the shape that the model takes, where it is known; extents of 1 do not matter.
  ///   - classCount: how many classes there are, where that is known.
  public init(
    contentsOf path: String, windows: String = "x", labels: String = "y",
    inputShape: [Int]? = nil, classCount: Int? = nil
  ) throws(DataSetError) {
    try self.init(
      NPZ(contentsOf: path), windows: windows, labels: labels, inputShape: inputShape,
      classCount: classCount)
  }

  /// From the arrays of a `.npz` file.
  public init(
    _ npz: NPZ, windows windowsKey: String = "x", labels labelsKey: String = "y",
    inputShape: [Int]? = nil, classCount: Int? = nil
  ) throws(DataSetError) {
    let windows = try Windows(
      npz.array(windowsKey), inputShape: inputShape, file: npz.file, key: windowsKey)
    func unfit(_ why: String) -> DataSetError {
      DataSetError(file: npz.file, key: labelsKey, .unfit(why))
    }
    let array = try npz.array(labelsKey)
    guard let labels = array.integers else {
      throw unfit("holds \(array.elements.typeDescription); labels are whole numbers")
    }
    guard array.shape == [labels.count] else {
      throw unfit("has shape \(array.shape); labels are a list")
    }
    guard labels.count == windows.count else {
      throw unfit("has \(labels.count) labels for the \(windows.count) windows of \(windowsKey)")
    }
    for (index, label) in labels.enumerated() {
      guard label >= 0, label < classCount ?? Int(UInt32.max) else {
        let allowed = classCount.map { "0 to \($0 - 1)" } ?? "0 and above"
        throw unfit("label \(label) of window \(index) is not one of \(allowed)")
      }
    }
    self.init(windows: windows, labels: labels)
  }

  /// How many windows there are.
  public var count: Int { labels.count }

  /// Those at `indices`, in that order.
  public func selecting(_ indices: [Int]) -> LabelledWindows {
    LabelledWindows(windows: windows.selecting(indices), labels: indices.map { labels[$0] })
  }

  /// At most `count` windows in which every class has its share, taken evenly over the set: the same every time.
  public func stratified(_ count: Int) -> LabelledWindows {
    guard count < self.count else { return self }
    // Sorted by class (windows of one class in their order), then every n-th: shares stay as they are.
    let sorted = labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) }
    let chosen = (0..<max(0, count)).map { sorted[$0 * sorted.count / count] }
    return selecting(chosen.sorted())
  }
}
