import Encoding
import Reports
import Store

/// A variant as it is listed, beside the original that it was made from.
struct VariantRow {
  var name: String
  /// `nil` for the original.
  var digest: Digest?
  var bytes: UInt64
  var originalBytes: UInt64
  var measures: [String: Double]

  init(_ record: VariantRecord, originalBytes: UInt64) {
    name = record.name
    digest = record.digest
    bytes = record.packageSize
    self.originalBytes = originalBytes
    measures = record.measures
  }

  init(original name: String, bytes: UInt64, measures: [String: Double]) {
    self.name = name
    self.bytes = bytes
    originalBytes = bytes
    self.measures = measures
  }

  private var ratio: Double { Double(originalBytes) / Double(max(bytes, 1)) }

  /// Columns for `rows`; those of reconstruction only where there is one.
  static func listing(for rows: [VariantRow]) -> Listing<VariantRow> {
    let reconstructs = rows.contains { $0.measures["areaUnderCurve"] != nil }
    func share(_ listing: Listing<VariantRow>, _ key: String, _ title: String?)
      -> Listing<VariantRow>
    {
      listing.column(key, title, { .optional($0.measures[key]) }) {
        $0.measures[key].map(Units.percent) ?? "-"
      }
    }
    var listing = Listing<VariantRow>()
      .text("name", "VARIANT") { $0.name }
      .column("bytes", "SIZE", { .count($0.bytes) }) { Units.bytes($0.bytes) }
      .column("ratio", "RATIO", { .number($0.ratio) }) { row in
        let hundredths = Int64((row.ratio * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)x"
      }
    listing = share(listing, "accuracy", "ACCURACY")
    listing = listing.column("change", "CHANGE", { .optional($0.measures["change"]) }) { row in
      row.digest == nil ? "" : row.measures["change"].map(Units.points) ?? "-"
    }
    listing = share(listing, "agreement", "AGREEMENT")
    listing = share(listing, "worstClass", "WORST CLASS")
    listing = listing.column(
      "areaUnderCurve", reconstructs ? "AUC" : nil, { .optional($0.measures["areaUnderCurve"]) }
    ) { decimals($0.measures["areaUnderCurve"]) }
    listing = listing.column(
      "meanSquaredError", reconstructs ? "MSE" : nil,
      { .optional($0.measures["meanSquaredError"]) }
    ) { decimals($0.measures["meanSquaredError"]) }
    return
      listing
      .column("windows", nil, { .optional($0.measures["windows"].map { Int64($0) }) }) { _ in "" }
      .text("digest", nil) { $0.digest?.hex }
      .text("id", "DIGEST") { row in row.digest.map { String($0.hex.prefix(12)) } }
  }

  private static func decimals(_ value: Double?) -> String {
    guard let value else { return "-" }
    let scaled = String(Int64((value * 10_000).rounded()))
    let padded = String(repeating: "0", count: max(0, 5 - scaled.count)) + scaled
    return padded.dropLast(4) + "." + padded.suffix(4)
  }
}
