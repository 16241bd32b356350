import Encoding
import Foundation
import Inference
import Reports
import Store

/// Profiles of one variant, for people and for programs.
enum ProfileReport {
  static func json(_ profiles: [DeviceProfile], of record: VariantRecord) -> JSON {
    .object([
      "variant": .string(record.name), "digest": .string(record.digest.hex),
      "profiles": .array(profiles.map(json)),
    ])
  }

  private static func json(_ measured: DeviceProfile) -> JSON {
    let profile = measured.profile
    let isKnown = profile.frequency > 0
    return .object([
      "device": .optional(measured.device),
      "core": measured.core.isEmpty ? .null : .string(measured.core),
      "class": .string(profile.deviceClass), "isa": .string(profile.kernels),
      "threads": .count(profile.threads), "runs": .count(profile.runs),
      "frequency_hz": isKnown ? .count(profile.frequency) : .null,
      "latency_ns": .count(profile.latency), "profiled_ns": .count(profile.median),
      "layers_ns": .count(profile.layerTime), "macs": .count(profile.macs),
      "weight_bytes": .count(profile.weightBytes), "arena_bytes": .count(profile.arenaBytes),
      "layers": ProfileRow.listing.json(ProfileRow.rows(of: measured)),
    ])
  }

  /// A section for each device, and behind several of them their medians side by side.
  static func text(_ profiles: [DeviceProfile], variant: String) -> String {
    var sections = profiles.map { section($0, variant: variant) }
    if let table = comparison(of: profiles) { sections.append(table) }
    return sections.joined(separator: "\n\n")
  }

  private static func section(_ measured: DeviceProfile, variant: String) -> String {
    let profile = measured.profile
    let clock =
      profile.frequency == 0
      ? "clock not known" : String(format: "%.2f GHz measured", Double(profile.frequency) / 1e9)
    let core = measured.core.isEmpty ? "" : "\(measured.core), "
    let limits =
      measured.limits == nil
      ? "\nthe limits of this core are not known, so nothing is compared with them" : ""
    return """
      \(variant) on \(measured.place): \(core)\(profile.deviceClass), \(profile.kernels), \
      \(clock), \(profile.threads) \(profile.threads == 1 ? "thread" : "threads")
      \(Units.microseconds(profile.latency)) a prediction, \
      \(Units.microseconds(profile.median)) with the clock read at each layer; \
      medians of \(profile.runs) \(profile.runs == 1 ? "run" : "runs")\(limits)

      \(ProfileRow.listing.table(ProfileRow.rows(of: measured)))
      """
  }

  /// Layers are compared by position; devices whose prepared graphs differ have no common table.
  private static func comparison(of profiles: [DeviceProfile]) -> String? {
    guard profiles.count > 1, let first = profiles.first?.profile.layers,
      profiles.allSatisfy({ $0.profile.layers.map(\.name) == first.map(\.name) })
    else { return nil }
    var listing = Listing<Int>()
      .count("index", "#") { $0 }
      .text("layer", "LAYER") { first[$0].name }
      .text("operator", "OPERATOR") { first[$0].operation }
    for measured in profiles {
      let layers = measured.profile.layers
      listing = listing.column(measured.place, measured.place, { .count(layers[$0].median) }) {
        Units.microseconds(layers[$0].median)
      }
    }
    return listing.table(Array(first.indices))
  }
}
