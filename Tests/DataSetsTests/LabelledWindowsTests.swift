import Testing

@testable import DataSets

@Suite struct LabelledWindowsTests {
  let x = NPY(shape: [4, 2, 1], .float32([0, 1, 2, 3, 4, 5, 6, 7]))
  let y = NPY(shape: [4], .int32([0, 1, 0, 2]))

  func npz(_ x: NPY? = nil, _ y: NPY? = nil) throws -> NPZ {
    try NPZ(
      decoding: NPZ.encode([("x", x ?? self.x), ("y", y ?? self.y)]), file: "data.npz")
  }

  @Test func reads() throws {
    let set = try LabelledWindows(npz(), inputShape: [1, 2], classCount: 3)
    #expect(set.count == 4)
    #expect(set.windows.shape == [2, 1])
    #expect(Array(set.windows[2]) == [4, 5])
    #expect(set.labels == [0, 1, 0, 2])
  }

  @Test func faultsNameFileAndArray() throws {
    func message(_ x: NPY? = nil, _ y: NPY? = nil, input: [Int]? = nil, classes: Int? = nil) throws
      -> String?
    {
      let npz = try npz(x, y)
      return #expect(throws: DataSetError.self) {
        try LabelledWindows(npz, inputShape: input, classCount: classes)
      }?.description
    }
    #expect(
      try message(input: [1, 64, 6])
        == "data.npz, array x: has windows of shape [2, 1]; the model takes [1, 64, 6]")
    #expect(
      try message(NPY(shape: [2, 2], .float32([0, 1, .nan, 3])))
        == "data.npz, array x: window 1 holds a number that is not finite (nan)")
    #expect(
      try message(NPY(shape: [3, 1], .float32([0, 1, 2])))
        == "data.npz, array y: has 4 labels for the 3 windows of x")
    #expect(
      try message(classes: 2)
        == "data.npz, array y: label 2 of window 3 is not one of 0 to 1")
    #expect(
      try message(nil, NPY(shape: [4], .int8([0, -1, 0, 0])))
        == "data.npz, array y: label -1 of window 1 is not one of 0 and above")
    #expect(
      try message(nil, NPY(shape: [4], .float32([0, 1, 0, 1])))
        == "data.npz, array y: holds <f4; labels are whole numbers")
    #expect(
      try message(nil, NPY(shape: [4, 1], .int32([0, 1, 0, 1])))
        == "data.npz, array y: has shape [4, 1]; labels are a list")
    #expect(
      try message(NPY(shape: [4], .float32([0, 1, 2, 3])))
        == "data.npz, array x: has shape [4]; windows are [count, ...] with at least one")
    #expect(
      try message(NPY(shape: [4, 1], .bool([true, true, true, true])))
        == "data.npz, array x: holds |b1; windows are numbers")
  }

  @Test func stratifiedKeepsTheShares() throws {
    let labels = (0..<100).map { $0 % 10 == 0 ? 2 : $0 % 2 }
    let windows = Windows(shape: [1], values: (0..<100).map { Float($0) })
    let set = LabelledWindows(windows: windows, labels: labels)
    let some = set.stratified(20)
    #expect(some.count == 20)
    #expect((0..<3).map { label in some.labels.count { $0 == label } } == [8, 10, 2])
    for index in 0..<20 { #expect(labels[Int(some.windows[index].first!)] == some.labels[index]) }
    #expect(some.windows.values == some.windows.values.sorted())
    #expect(set.stratified(1000) == set)
    #expect(set.stratified(0).count == 0)
  }
}
