import ModelFormat

/// The container in each of its kinds: any bytes give what they say or a typed error, and what was read is written
/// as the same bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzContainer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  if let package = try? Package(decoding: bytes) {
    precondition(package.encode() == bytes, "a package has two encodings")
  }
  if let probes = try? ProbeSet(decoding: bytes) {
    precondition(probes.encode() == bytes, "a probe set has two encodings")
  }
  bytes.withUnsafeBytes { buffer in
    guard let view = try? ContainerView(buffer, kind: .image) else { return }
    var sum = 0
    for index in 0..<view.blobCount {
      sum += view.blob(index).reduce(0) { $0 &+ Int($1) } &+ view.offset(ofBlob: index)
    }
    precondition(sum >= 0 && view.headerOffset >= 64)
  }
  return 0
}
