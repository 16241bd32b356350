/// Lends the bytes of an array to `body`, passing its typed error on.
func withBytes<Value, Failure: Error>(
  _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
) throws(Failure) -> Value {
  let result = bytes.withUnsafeBytes { buffer -> Result<Value, Failure> in
    do throws(Failure) {
      return .success(try body(buffer))
    } catch {
      return .failure(error)
    }
  }
  return try result.get()
}
