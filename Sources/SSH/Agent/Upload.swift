public import Encoding

/// An object to be brought to a device: named by its hash.
public struct UploadObject: Sendable {
  public var digest: Digest
  public var bytes: [UInt8]

  public init(digest: Digest, bytes: [UInt8]) {
    self.digest = digest
    self.bytes = bytes
  }
}

/// How far an upload is.
public struct UploadProgress: Sendable, Equatable {
  /// Bytes of all objects together that the device holds.
  public var held: Int
  public var total: Int
  /// Bytes that were there before, from earlier uploads.
  public var found: Int

  public init(held: Int, total: Int, found: Int) {
    self.held = held
    self.total = total
    self.found = found
  }
}

/// How to upload.
public struct UploadOptions: Sendable {
  /// Bytes of one piece.
  public var pieceSize: Int
  /// How many pieces may be under way unanswered; more than one hides the network's latency.
  public var window: Int
  /// Never more than this on average, for links that others use as well.
  public var bytesPerSecond: Int?

  public init(pieceSize: Int = 256 << 10, window: Int = 4, bytesPerSecond: Int? = nil) {
    precondition(pieceSize > 0 && window > 0 && bytesPerSecond ?? 1 > 0)
    self.pieceSize = pieceSize
    self.window = window
    self.bytesPerSecond = bytesPerSecond
  }
}
