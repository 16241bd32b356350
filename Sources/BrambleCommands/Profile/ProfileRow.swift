import Foundation
import Inference
import Reports

/// A layer of a profile as it is listed.
struct ProfileRow {
  var index: Int
  var layer: LayerProfile
  /// Of all layers' time, from 0 to 1.
  var share: Double
  var perCycle: Double?
  var roofline: Roofline?

  static func rows(of measured: DeviceProfile) -> [ProfileRow] {
    let profile = measured.profile
    let all = Double(max(profile.layerTime, 1))
    return profile.layers.enumerated().map { index, layer in
      ProfileRow(
        index: index, layer: layer, share: Double(layer.median) / all,
        perCycle: layer.macsPerCycle(frequency: profile.frequency),
        roofline: measured.roofline(of: layer))
    }
  }

  private var reached: Double? { roofline.flatMap { $0.share(of: layer) } }
  private var bound: String? {
    roofline.map { $0.bound == .compute ? "compute" : "bandwidth" }
  }

  static var listing: Listing<ProfileRow> {
    Listing()
      .count("index", "#") { $0.index }
      .text("name", "LAYER") { $0.layer.name }
      .text("operator", "OPERATOR") { $0.layer.operation }
      .list("fused", "FUSED") { $0.layer.fused }
      .column("median_ns", "TIME", { .count($0.layer.median) }) {
        Units.microseconds($0.layer.median)
      }
      .count("total_ns", nil) { $0.layer.total }
      .column("share", "SHARE", { .number($0.share) }) { Units.percent($0.share) }
      .count("macs", "MACS") { $0.layer.macs }
      .column("macs_per_cycle", "MAC/CYCLE", { .optional($0.perCycle) }) {
        $0.perCycle.map { String(format: "%.2f", $0) } ?? "-"
      }
      .column("weight_bytes", "WEIGHTS", { .count($0.layer.weightBytes) }) {
        Units.bytes($0.layer.weightBytes)
      }
      .count("weight_traffic_bytes", nil) { $0.layer.weightTraffic }
      .column("read_bytes", "READ", { .count($0.layer.readBytes) }) {
        Units.bytes($0.layer.readBytes)
      }
      .column("written_bytes", "WRITTEN", { .count($0.layer.writtenBytes) }) {
        Units.bytes($0.layer.writtenBytes)
      }
      .column("limit_ns", "LIMIT", { .optional($0.roofline?.limit) }) {
        $0.roofline.map { Units.microseconds(UInt64($0.limit.rounded())) } ?? "-"
      }
      .column("limit_share", "OF LIMIT", { .optional($0.reached) }) {
        $0.reached.map(Units.percent) ?? "-"
      }
      .text("bound", "BOUND") { $0.bound }
      .text("arithmetic", nil) { "\($0.layer.arithmetic)" }
      .count("panel", nil) { $0.layer.tile }
      .text("kernel", "KERNEL") { row in
        row.layer.kernel + (row.layer.tile > 0 ? " x\(row.layer.tile)" : "")
      }
  }
}
