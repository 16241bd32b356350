import Store
import Testing

struct ModelTests {
  static func store(in folder: TemporaryFolder) throws -> Store {
    let store = try Store(path: folder.file("state.sqlite"))
    try store.save(
      ModelRecord(
        name: "motion", package: Samples.digest(9), packageSize: 100, labels: ["walking", "rest"],
        decision: "argmax(output)", source: "motion.tflite", added: 1))
    return store
  }

  static func variant(_ byte: UInt8, _ recipe: String, added: UInt64) -> VariantRecord {
    VariantRecord(
      digest: Samples.digest(byte), model: "motion", recipe: recipe, manifest: [byte],
      packageSize: 10, measures: ["accuracy": 0.99], added: added)
  }

  @Test func modelsAndVariantsAreKept() throws {
    let folder = try TemporaryFolder()
    let store = try Self.store(in: folder)
    #expect(try store.models().map(\.name) == ["motion"])
    #expect(try store.model(named: "motion")?.labels == ["walking", "rest"])
    #expect(try store.model(named: "other") == nil)
    let variant = Self.variant(0xAB, "float16", added: 2)
    try store.save(variant)
    try store.save(variant)
    #expect(try store.variant(variant.digest) == variant)
    #expect(try store.variants(ofModel: "motion") == [variant])
    #expect(try store.variants(ofModel: "other").isEmpty)
  }

  @Test func peopleNameVariantsInShort() throws {
    let folder = try TemporaryFolder()
    let store = try Self.store(in: folder)
    try store.save(Self.variant(0xAB, "float16", added: 2))
    try store.save(Self.variant(0xAC, "float16", added: 3))
    try store.save(Self.variant(0xCC, "dynamic-int8", added: 4))
    #expect(try store.variant(matching: "motion@float16").digest == Samples.digest(0xAC))
    #expect(try store.variant(matching: "CCCC").digest == Samples.digest(0xCC))
    #expect(throws: StoreError.self) { try store.variant(matching: "cc") }
    #expect(throws: StoreError.self) { try store.variant(matching: "dddd") }
    #expect(throws: StoreError.self) { try store.variant(matching: "motion@int4") }
    #expect(throws: StoreError.self) { try store.variant(matching: "%%%%") }
  }

  @Test func aVariantNeedsItsModel() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("state.sqlite"))
    #expect(throws: StoreError.self) { try store.save(Self.variant(1, "float16", added: 1)) }
  }
}
