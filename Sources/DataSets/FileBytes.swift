import Foundation

/// All bytes of a file of at most `limit`.
func fileBytes(_ path: String, atMost limit: Int = 2 << 30) throws(DataSetError) -> [UInt8] {
  do {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    let size = try handle.seekToEnd()
    guard size <= UInt64(limit) else {
      throw DataSetError(file: path, .unsupported("a file of \(size) bytes"))
    }
    try handle.seek(toOffset: 0)
    return [UInt8](try handle.readToEnd() ?? Data())
  } catch let error as DataSetError {
    throw error
  } catch {
    throw DataSetError(file: path, .unreadable(error.localizedDescription))
  }
}
