import Inference

/// A profile, and the core that it was measured on.
struct DeviceProfile: Sendable {
  /// `nil` for this machine.
  var device: String?
  /// As the device's facts name it; empty where they do not.
  var core: String
  var profile: InferenceProfile

  var place: String { device ?? "this machine" }
  var limits: CoreLimits? { CoreLimits(core: core, kernels: profile.kernels) }

  func roofline(of layer: LayerProfile) -> Roofline? {
    limits.flatMap { Roofline(of: layer, in: profile, on: $0) }
  }
}

/// Bytes where the kernels may read them: from a multiple of 64 on.
enum ImageMemory {
  static func with<Value, Failure: Error>(
    _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    return try body(UnsafeRawBufferPointer(memory))
  }
}
