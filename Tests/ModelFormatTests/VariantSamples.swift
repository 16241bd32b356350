import Encoding
import ModelFormat

enum VariantSamples {
  static let probe = ProbeSet(
    inputShape: [1, 2, 3], windows: (0..<30).map { Float($0) / 7 }, labels: [0, 1, 2, .max, 4])

  static let manifest = Manifest(
    model: "motion", recipe: "dynamic-int8", package: ObjectReference(to: [1, 2, 3]),
    images: [
      ImageReference(
        deviceClass: "armv6", digest: SHA256.digest(of: [4]), size: 300),
      ImageReference(
        deviceClass: "aarch64-neon", digest: SHA256.digest(of: [5]), size: .max),
    ], probe: ObjectReference(to: probe.encode()), labels: ["walking", "stairs", "at rest"],
    decision: .aboveError(threshold: 0.35), budgetMicroseconds: 1_000_000,
    parent: SHA256.digest(of: [6]),
    quality: Quality(windows: 950, accuracy: 991_579, worstClass: 0, areaUnderCurve: 1_000_000))
}
