internal import CKernels

/// Devices that run the same prepared image: one layout of weights each.
///
/// The image of a class depends on the class alone, never on the machine that makes it. Within a
/// class the kernels may still differ (x86 with or without VNNI, AArch64 with or without dot
/// product): they read the same layout.
public enum DeviceClass: UInt8, CaseIterable, Sendable {
  case generic = 0
  case armv6 = 1
  case armv7NEON = 2
  case aarch64NEON = 3
  case x86AVX2 = 4

  public var name: String {
    switch self {
    case .generic: "generic"
    case .armv6: "armv6"
    case .armv7NEON: "armv7-neon"
    case .aarch64NEON: "aarch64-neon"
    case .x86AVX2: "x86_64-avx2"
    }
  }

  public init?(name: String) {
    for candidate in Self.allCases where candidate.name == name {
      self = candidate
      return
    }
    return nil
  }

  /// The class of this machine, from its CPU's features; the environment variable `BRAMBLE_ISA`
  /// ("scalar", "avx2", "avx512vnni", "armv6", "neon", "neon_a53", "dotprod") overrides it.
  public static var current: DeviceClass {
    let kernels = bk_kernels_select()
    if kernels?.pointee.i8_nr == bk_kernels_portable()?.pointee.i8_nr { return portable }
    #if arch(x86_64)
      return .x86AVX2
    #elseif arch(arm64)
      return .aarch64NEON
    #elseif arch(arm)
      return .armv7NEON
    #else
      return .generic
    #endif
  }

  private static var portable: DeviceClass {
    #if arch(arm)
      .armv6
    #else
      .generic
    #endif
  }

  /// Widths of the panels that weights are packed in.
  var tile: Tile {
    switch self {
    case .generic, .armv6: Tile(float: 4, int8: 4)
    case .armv7NEON: Tile(float: 8, int8: 8)
    case .aarch64NEON: Tile(float: 8, int8: 16)
    case .x86AVX2: Tile(float: 16, int8: 32)
    }
  }
}

extension DeviceClass {
  /// Bytes of float32 weights up to which float16 ones are widened in the image. Larger ones are widened in the
  /// kernel: they stream in half the time once they leave the first-level cache (x86: 12 MAC/cycle instead of 7
  /// from the second level), or the second-level cache of a Pi, where the conversion costs more. The scalar kernels
  /// convert slower than they read.
  var largestWidenedWeights: Int {
    switch self {
    case .generic, .armv6: .max
    case .armv7NEON, .aarch64NEON: 128 << 10
    case .x86AVX2: 24 << 10
    }
  }
}

/// Output channels that stand side by side in a panel of packed weights.
struct Tile: Equatable {
  var float: Int
  var int8: Int

  /// Units of recurrent layers whose gates stand side by side: so many lanes have all gates of a cell.
  var units: Int { float > 8 ? 16 : 8 }

  /// Every width divides this, so rows padded to it may be read by any kernel.
  static let widest = 32
}
