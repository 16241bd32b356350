extension NPY {
  /// Reads the `.npy` file at `path`.
  public init(contentsOf path: String) throws(DataSetError) {
    self = try NPY(decoding: try fileBytes(path), file: path, key: nil)
  }

  /// From the bytes of a `.npy` file. `file` and `key` are what errors name.
  public init(decoding bytes: [UInt8], file: String, key: String?) throws(DataSetError) {
    func error(_ reason: DataSetError.Reason) -> DataSetError {
      DataSetError(file: file, key: key, reason)
    }
    let header: NPYHeader
    do throws(NPYHeader.Fault) {
      header = try NPYHeader(bytes)
    } catch let fault {
      throw error(.malformed(fault.text, offset: fault.offset))
    }
    // One axis longer than 1 reads the same in either order.
    guard !header.isFortranOrder || header.shape.filter({ $0 > 1 }).count <= 1 else {
      throw error(
        .unsupported("an array in Fortran order (save numpy.ascontiguousarray(...) of it)"))
    }
    guard let reader = ElementReader.all[header.type] else {
      throw error(.unsupported("element type \(header.type)"))
    }
    var size = reader.size
    for extent in header.shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw error(.unsupported("an array of shape \(header.shape)")) }
      size = product
    }
    guard bytes.count - header.end == size else {
      throw error(
        .malformed(
          "\(bytes.count - header.end) bytes of elements where shape \(header.shape) takes \(size)",
          offset: header.end))
    }
    self.init(shape: header.shape, reader.read(bytes[header.end...]))
  }

  /// The bytes of a `.npy` file, as NumPy itself writes it.
  public func encoded() -> [UInt8] {
    var bytes = NPYHeader.bytes(type: elements.typeDescription, shape: shape)
    switch elements {
    case .float32(let values): append(values.lazy.map { $0.bitPattern }, to: &bytes)
    case .float64(let values): append(values.lazy.map { $0.bitPattern }, to: &bytes)
    case .int8(let values): append(values, to: &bytes)
    case .int16(let values): append(values, to: &bytes)
    case .int32(let values): append(values, to: &bytes)
    case .int64(let values): append(values, to: &bytes)
    case .uint8(let values): bytes += values
    case .uint16(let values): append(values, to: &bytes)
    case .uint32(let values): append(values, to: &bytes)
    case .bool(let values): bytes += values.map { $0 ? 1 : 0 }
    }
    return bytes
  }

  private func append<Values: Sequence>(_ values: Values, to bytes: inout [UInt8])
  where Values.Element: FixedWidthInteger {
    for value in values {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }
}

/// How elements of one of NumPy's types are read.
private struct ElementReader: Sendable {
  let size: Int
  let read: @Sendable (ArraySlice<UInt8>) -> NPY.Elements

  static let all: [String: ElementReader] = [
    "<f4": ElementReader(size: 4) {
      .float32(integers($0, UInt32.self).map { Float(bitPattern: $0) })
    },
    "<f8": ElementReader(size: 8) {
      .float64(integers($0, UInt64.self).map { Double(bitPattern: $0) })
    },
    "|i1": ElementReader(size: 1) { .int8($0.map { Int8(bitPattern: $0) }) },
    "<i2": ElementReader(size: 2) { .int16(integers($0, Int16.self)) },
    "<i4": ElementReader(size: 4) { .int32(integers($0, Int32.self)) },
    "<i8": ElementReader(size: 8) { .int64(integers($0, Int64.self)) },
    "|u1": ElementReader(size: 1) { .uint8(Array($0)) },
    "<u2": ElementReader(size: 2) { .uint16(integers($0, UInt16.self)) },
    "<u4": ElementReader(size: 4) { .uint32(integers($0, UInt32.self)) },
    "|b1": ElementReader(size: 1) { .bool($0.map { $0 != 0 }) },
  ]

  private static func integers<Number: FixedWidthInteger>(
    _ bytes: ArraySlice<UInt8>, _ type: Number.Type
  ) -> [Number] {
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / MemoryLayout<Number>.size).map {
        Number(
          littleEndian: buffer.loadUnaligned(
            fromByteOffset: $0 * MemoryLayout<Number>.size, as: type))
      }
    }
  }
}
