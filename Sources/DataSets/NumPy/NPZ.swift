/// A `.npz` file: named arrays in a zip file, each read when it is asked for.
public struct NPZ: Sendable {
  /// What errors name.
  public let file: String
  private let archive: ZipArchive

  /// Reads the file at `path`.
  public init(contentsOf path: String) throws(DataSetError) {
    try self.init(decoding: try fileBytes(path), file: path)
  }

  /// From the bytes of a `.npz` file.
  public init(decoding bytes: [UInt8], file: String) throws(DataSetError) {
    self.file = file
    archive = try ZipArchive(bytes, file: file)
  }

  /// The names of the arrays, in the order of the file.
  public var keys: [String] {
    archive.entries.compactMap { entry in
      entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : nil
    }
  }

  /// The array called `key`.
  public func array(_ key: String) throws(DataSetError) -> NPY {
    guard let entry = archive.entries.first(where: { $0.name == key + ".npy" }) else {
      throw DataSetError(file: file, key: key, .missingKey(available: keys))
    }
    return try NPY(decoding: try archive.contents(of: entry), file: file, key: key)
  }

  /// The bytes of a `.npz` file with these arrays, stored without compression.
  public static func encode(_ arrays: [(key: String, array: NPY)]) -> [UInt8] {
    var writer = ZipWriter()
    for (key, array) in arrays { writer.add(key + ".npy", array.encoded()) }
    return writer.finish()
  }
}
