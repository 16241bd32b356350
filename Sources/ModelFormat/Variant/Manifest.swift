public import Encoding

/// One compressed form of a model: everything that belongs to it, by digest. The digest of the manifest's own bytes is the
/// variant's identity, which signatures, slots and telemetry refer to.
public struct Manifest: Equatable, Sendable {
  /// The name of the model it is a form of.
  public var model: String
  /// The steps that made it, as a recipe's text.
  public var recipe: String
  public var package: ObjectReference
  /// One for each device class that an image was made for, in any order; encoded by name.
  public var images: [ImageReference]
  public var probe: ObjectReference?
  /// The names of the classes, by label.
  public var labels: [String]
  public var decision: DecisionRule
  /// The time a prediction may take, request to answer.
  public var budgetMicroseconds: UInt64
  /// The manifest of the variant that this one was made from.
  public var parent: Digest?
  public var quality: Quality?

  public init(
    model: String, recipe: String, package: ObjectReference, images: [ImageReference] = [],
    probe: ObjectReference? = nil, labels: [String] = [], decision: DecisionRule,
    budgetMicroseconds: UInt64 = 1_000_000, parent: Digest? = nil, quality: Quality? = nil
  ) {
    self.model = model
    self.recipe = recipe
    self.package = package
    self.images = images
    self.probe = probe
    self.labels = labels
    self.decision = decision
    self.budgetMicroseconds = budgetMicroseconds
    self.parent = parent
    self.quality = quality
  }

  /// The variant's identity.
  public var digest: Digest { SHA256.digest(of: encode()) }

  /// The image made for the device class of this name.
  public func image(for deviceClass: String) -> ImageReference? {
    images.first { $0.deviceClass == deviceClass }
  }
}

/// A stored object: its SHA-256 and how many bytes it has.
public struct ObjectReference: Hashable, Sendable {
  public var digest: Digest
  public var size: UInt64

  public init(digest: Digest, size: UInt64) {
    self.digest = digest
    self.size = size
  }

  /// The reference to an object of these bytes.
  public init(to bytes: [UInt8]) {
    self.init(digest: SHA256.digest(of: bytes), size: UInt64(bytes.count))
  }
}

/// The image of a package for one device class.
public struct ImageReference: Hashable, Sendable {
  /// Such as `aarch64-neon`.
  public var deviceClass: String
  public var digest: Digest
  public var size: UInt64

  public init(deviceClass: String, digest: Digest, size: UInt64) {
    self.deviceClass = deviceClass
    self.digest = digest
    self.size = size
  }

  public var object: ObjectReference { ObjectReference(digest: digest, size: size) }
}

/// What evaluation on the controller measured. Shares and errors are in millionths, so that the same measurement
/// gives the same bytes everywhere.
public struct Quality: Equatable, Sendable {
  /// Labelled windows that were evaluated.
  public var windows: UInt64
  /// The share of windows classified rightly.
  public var accuracy: UInt64?
  /// The share of windows that got the class which the original model gives.
  public var agreement: UInt64?
  /// The lowest share within one class.
  public var worstClass: UInt64?
  /// Of models that reconstruct their input: the mean squared error, and the area under the ROC curve.
  public var meanSquaredError: UInt64?
  public var areaUnderCurve: UInt64?

  public init(
    windows: UInt64, accuracy: UInt64? = nil, agreement: UInt64? = nil,
    worstClass: UInt64? = nil, meanSquaredError: UInt64? = nil, areaUnderCurve: UInt64? = nil
  ) {
    self.windows = windows
    self.accuracy = accuracy
    self.agreement = agreement
    self.worstClass = worstClass
    self.meanSquaredError = meanSquaredError
    self.areaUnderCurve = areaUnderCurve
  }
}
