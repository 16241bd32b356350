public import Encoding

/// A model that the user brought.
public struct ModelRecord: Equatable, Codable, Sendable {
  public var name: String
  /// The float package that it was imported to, an object of the workspace.
  public var package: Digest
  public var packageSize: UInt64
  public var labels: [String]
  /// The decision rule as text.
  public var decision: String
  /// The file that it was imported from, for people.
  public var source: String
  /// Milliseconds since 1970.
  public var added: UInt64

  public init(
    name: String, package: Digest, packageSize: UInt64, labels: [String], decision: String,
    source: String, added: UInt64 = millisecondsSince1970()
  ) {
    self.name = name
    self.package = package
    self.packageSize = packageSize
    self.labels = labels
    self.decision = decision
    self.source = source
    self.added = added
  }
}

/// One compressed form of a model.
public struct VariantRecord: Equatable, Sendable {
  /// The manifest's own digest: the variant's identity.
  public var digest: Digest
  public var model: String
  public var recipe: String
  /// The manifest as it is signed and sent.
  public var manifest: [UInt8]
  public var packageSize: UInt64
  /// What the evaluation measured, by the measure's name, such as `accuracy` or `agreement`.
  public var measures: [String: Double]
  /// Milliseconds since 1970.
  public var added: UInt64

  public init(
    digest: Digest, model: String, recipe: String, manifest: [UInt8], packageSize: UInt64,
    measures: [String: Double], added: UInt64 = millisecondsSince1970()
  ) {
    self.digest = digest
    self.model = model
    self.recipe = recipe
    self.manifest = manifest
    self.packageSize = packageSize
    self.measures = measures
    self.added = added
  }

  /// `model@recipe`, as people name it.
  public var name: String { "\(model)@\(recipe)" }
}
