public import Encoding

/// What an agent answers. Each response travels with the number of its request.
public enum Response: Equatable, Sendable {
  case hello(Facts, protocolVersion: UInt64)
  case status(DeviceStatus)
  case holdings([Holding])
  /// Bytes of the object that the agent now holds; the object is verified once all are there.
  case received(bytes: UInt64)
  case probe(ProbeOutcome)
  case telemetry(TelemetryBatch)
  case prediction(Prediction)
  case done
  case refused(Refusal)
  /// The layers' times: canonical CBOR as `InferenceProfile` defines it.
  case profile(variant: Digest, content: [UInt8])
}

/// Why a request was not carried out. Nothing has changed on the device.
public struct Refusal: Error, Equatable, Sendable {
  public enum Reason: UInt8, Sendable, CaseIterable {
    case malformed = 0
    case unsupportedProtocol = 1
    case staleEpoch = 2
    case unknownObject = 3
    case damagedObject = 4
    case diskFull = 5
    case notStaged = 6
    case noActiveVariant = 7
    case quarantined = 8
    case wrongInput = 9
    case busy = 10
    case modelFailed = 11
    case notPermitted = 12
    case noTrial = 13
    case internalFailure = 14
  }
  public var reason: Reason
  /// What was wrong, where, and what to do: for people.
  public var message: String

  public init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}

/// How much of one object is there.
public struct Holding: Equatable, Sendable {
  public var object: Digest
  /// Bytes of an unfinished upload to go on from; 0 when nothing is there.
  public var bytes: UInt64
  /// The object is whole and its hash was checked.
  public var isComplete: Bool

  public init(object: Digest, bytes: UInt64, isComplete: Bool) {
    self.object = object
    self.bytes = bytes
    self.isComplete = isComplete
  }
}

/// One answer of the model.
public struct Prediction: Equatable, Sendable {
  public var id: PredictionID
  public var variant: Digest
  /// By the manifest's decision rule; `nil` where the rule gives no class.
  public var label: UInt64?
  /// The model's output, float32.
  public var output: [Float]
  /// Request to answer, in microseconds.
  public var latency: UInt64

  public init(
    id: PredictionID, variant: Digest, label: UInt64?, output: [Float], latency: UInt64
  ) {
    self.id = id
    self.variant = variant
    self.label = label
    self.output = output
    self.latency = latency
  }
}

/// Names a prediction for ever on its device: the journal position of its record.
public typealias PredictionID = JournalPosition

/// What running the probe set gave.
public struct ProbeOutcome: Equatable, Sendable {
  public var variant: Digest
  public var predictions: UInt64
  public var correct: UInt64
  /// Predictions that took longer than the trial's budget.
  public var misses: UInt64

  public init(variant: Digest, predictions: UInt64, correct: UInt64, misses: UInt64) {
    self.variant = variant
    self.predictions = predictions
    self.correct = correct
    self.misses = misses
  }
}
