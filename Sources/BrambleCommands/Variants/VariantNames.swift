import Encoding
import Store

/// How variants are called that devices name by their digests.
struct VariantNames: Sendable {
  private let names: [Digest: String]

  init(_ store: Store) throws {
    let records = try store.variants()
    names = Dictionary(records.map { ($0.digest, $0.name) }) { first, _ in first }
  }

  /// `model@recipe`, or the digest's first digits where the workspace does not know it.
  func name(_ digest: Digest) -> String { names[digest] ?? String(digest.hex.prefix(12)) }
}
