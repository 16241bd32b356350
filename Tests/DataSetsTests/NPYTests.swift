import Testing

@testable import DataSets

@Suite struct NPYTests {
  static let samples: [NPY] = [
    NPY(shape: [2, 3], .float32([0, -1, 0.5, .infinity, 1e30, 3])),
    NPY(shape: [], .float64([2.5])), NPY(shape: [3], .int8([-128, 0, 127])),
    NPY(shape: [1, 1, 2], .int16([.min, .max])), NPY(shape: [2], .int32([.min, .max])),
    NPY(shape: [2], .int64([.min, .max])), NPY(shape: [1], .uint8([255])),
    NPY(shape: [1], .uint16([.max])), NPY(shape: [1], .uint32([.max])),
    NPY(shape: [2], .bool([true, false])), NPY(shape: [0, 4], .float32([])),
  ]

  @Test(arguments: samples) func roundTrip(_ array: NPY) throws {
    let bytes = array.encoded()
    #expect(try NPY(decoding: bytes, file: "a.npy", key: nil) == array)
    #expect((bytes.count - array.count * byteSize(array)).isMultiple(of: 64))
  }

  @Test(arguments: samples) func everyCutAndExtensionIsSeen(_ array: NPY) {
    let bytes = array.encoded()
    for length in bytes.indices {
      #expect(throws: DataSetError.self) {
        try NPY(decoding: Array(bytes[..<length]), file: "a.npy", key: nil)
      }
    }
    #expect(throws: DataSetError.self) {
      try NPY(decoding: bytes + [0], file: "a.npy", key: nil)
    }
  }

  @Test func damagedHeadersDoNotCrash() {
    let bytes = Self.samples[0].encoded()
    for place in 0..<128 {
      for value: UInt8 in [0, 0x27, 0x28, 0x2c, 0x39, 0x7d, 0xff] {
        var damaged = bytes
        damaged[place] = value
        if let array = try? NPY(decoding: damaged, file: "a.npy", key: nil) {
          #expect(array.count == array.shape.reduce(1, *))
        }
      }
    }
  }

  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", "Fortran order"),
    ("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", "element type >f4"),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }", "element type |O"),
    (
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
      "the header is not understood"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9), }",
      "an array of shape"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 9), }",
      "the header is not understood"
    ),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "the header is not understood"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)", "the header is not understood"),
    ("{'descr': '<f4', 'shape': (2, 3), }", "the header is not understood"),
    ("__import__('os')", "the header is not understood"),
  ])
  func refuses(header: String, message: String) {
    let bytes: [UInt8] =
      NPYHeader.magic + [1, 0, UInt8(header.utf8.count), 0] + header.utf8
      + [UInt8](repeating: 0, count: 24)
    let error = #expect(throws: DataSetError.self) {
      try NPY(decoding: bytes, file: "a.npy", key: nil)
    }
    #expect(error?.description.contains(message) ?? false, "\(String(describing: error))")
  }

  @Test func otherSpellingsOfTheHeader() throws {
    let header = "{\"shape\":(2,),'fortran_order':True , 'descr':'<f4'}\n"
    let bytes: [UInt8] =
      NPYHeader.magic + [2, 0, UInt8(header.utf8.count), 0, 0, 0] + header.utf8
      + [UInt8](repeating: 0, count: 8)
    #expect(
      try NPY(decoding: bytes, file: "a.npy", key: nil) == NPY(shape: [2], .float32([0, 0])))
  }

  private func byteSize(_ array: NPY) -> Int {
    Int(String(array.elements.typeDescription.last!))!
  }
}
