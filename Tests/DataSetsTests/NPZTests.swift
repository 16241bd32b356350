import Foundation
import Testing

@testable import DataSets

@Suite struct NPZTests {
  let arrays: [(key: String, array: NPY)] = [
    ("x", NPY(shape: [2, 2], .float32([1, 2, 3, 4]))), ("y", NPY(shape: [2], .int32([0, 1]))),
  ]

  @Test func roundTrip() throws {
    let npz = try NPZ(decoding: NPZ.encode(arrays), file: "a.npz")
    #expect(npz.keys == ["x", "y"])
    for (key, array) in arrays { #expect(try npz.array(key) == array) }
  }

  @Test func deflatedByNumPy() throws {
    let npz = try NPZ(decoding: Recorded.compressedArrays, file: "c.npz")
    #expect(npz.keys == ["x", "y", "flag", "name"])
    #expect(
      try npz.array("x") == NPY(shape: [4, 4, 3], .float32((0..<48).map { Float($0) / 8 })))
    #expect(try npz.array("y") == NPY(shape: [4], .int64([0, 1, 2, 1])))
    #expect(try npz.array("flag") == NPY(shape: [2], .bool([true, false])))
    let error = #expect(throws: DataSetError.self) { try npz.array("name") }
    #expect(error?.description == "c.npz, array name: element type <U1 is not supported")
  }

  @Test func oddArraysByNumPy() throws {
    let npz = try NPZ(decoding: Recorded.oddArrays, file: "o.npz")
    #expect(try npz.array("d") == NPY(shape: [], .float64([2.5])))
    let order = #expect(throws: DataSetError.self) { try npz.array("f") }
    #expect(order?.description.contains("Fortran order") ?? false)
    let endian = #expect(throws: DataSetError.self) { try npz.array("e") }
    #expect(endian?.description.contains("element type >i2") ?? false)
  }

  @Test func missingKeysAreListed() throws {
    let npz = try NPZ(decoding: NPZ.encode(arrays), file: "a.npz")
    let error = #expect(throws: DataSetError.self) { try npz.array("z") }
    #expect(error?.description == "a.npz, array z: no such array; the file has x, y")
  }

  @Test func aMissingFileIsNamed() {
    let error = #expect(throws: DataSetError.self) { try NPZ(contentsOf: "/nowhere/a.npz") }
    #expect(error?.description.hasPrefix("/nowhere/a.npz: cannot be read") ?? false)
  }

  /// Damage anywhere is refused or does not touch what is read.
  @Test(arguments: [Recorded.compressedArrays, nil]) func damage(_ recorded: [UInt8]?) throws {
    let file = recorded ?? NPZ.encode(arrays)
    let expected = try contents(file)
    for place in file.indices {
      for change: UInt8 in [0x01, 0x40, 0xff] {
        var damaged = file
        damaged[place] ^= change
        guard let read = try? contents(damaged) else { continue }
        // A name may change in the directory, which carries no checksum; the numbers may not.
        #expect(Set(read.map(\.value.shape)).isSubset(of: Set(expected.map(\.value.shape))))
        for (key, array) in read where expected[key] != nil { #expect(array == expected[key]) }
      }
    }
    for length in file.indices {
      #expect(throws: DataSetError.self) {
        try NPZ(decoding: Array(file[..<length]), file: "cut")
      }
    }
  }

  @Test func zip64AndEncryptionAreRefusedByName() {
    var file = NPZ.encode(arrays)
    let directory = file.number(at: file.count - 6, 4)
    file[directory + 8] |= 1
    expectRefused(file, "encryption")
    file = NPZ.encode(arrays)
    file[directory + 10] = 12
    expectRefused(file, "compression method 12")
    file = NPZ.encode(arrays)
    for index in 24..<28 { file[directory + index] = 0xff }
    expectRefused(file, "zip64")
    file = NPZ.encode(arrays)
    for index in 24..<28 { file[directory + index] = 0x7f }
    expectRefused(file, "an array of 2139062143 bytes")
    file = NPZ.encode(arrays)
    for index in file.count - 6..<file.count - 2 { file[index] = 0xff }
    expectRefused(file, "zip64")
  }

  private func expectRefused(_ file: [UInt8], _ what: String) {
    let error = #expect(throws: DataSetError.self) { try NPZ(decoding: file, file: "a.npz") }
    #expect(error?.description.contains(what) ?? false, "\(String(describing: error))")
  }

  private func contents(_ file: [UInt8]) throws -> [String: NPY] {
    let npz = try NPZ(decoding: file, file: "f")
    var arrays: [String: NPY] = [:]
    for key in npz.keys where key != "name" { arrays[key] = try npz.array(key) }
    return arrays
  }
}
