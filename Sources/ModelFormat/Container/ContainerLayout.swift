/// What a container holds.
public enum ContainerKind: UInt32, Sendable, CaseIterable {
  /// A graph as it is sent and stored.
  case package = 1
  /// A graph prepared for one device class.
  case image = 2
  /// Labelled windows.
  case probeSet = 3

  static func name(of number: UInt32) -> String {
    switch ContainerKind(rawValue: number) {
    case .package: "package"
    case .image: "image"
    case .probeSet: "probe set"
    case nil: "file of unknown kind \(number)"
    }
  }
}

/// The container, all numbers little-endian:
///
///      0  magic                   8 bytes
///      8  version                 UInt32
///     12  kind                    UInt32
///     16  length of the file      UInt64
///     24  length of the header    UInt32
///     28  number of blobs         UInt32
///     32  CRC-32C of table and header
///     36  zeros
///     60  CRC-32C of bytes 0 ..< 60
///     64  table: per blob its offset (UInt64), its length (UInt64), its CRC-32C, four zeros
///         header: canonical CBOR
///         blobs, each at the next multiple of 64; zeros between
///
/// Everything has one place only: blobs follow each other in order and nothing follows the last one.
enum ContainerLayout {
  /// Not text, and spoiled by every transfer that converts line ends.
  static let magic: [UInt8] = [0x89, 0x42, 0x52, 0x4d, 0x42, 0x0d, 0x0a, 0x1a]
  static let version: UInt32 = 1
  static let preambleSize = 64
  static let entrySize = 24
  static let alignment = 64
  static let maximumHeader = 16 << 20
  static let maximumBlobs = 1 << 16

  /// The next multiple of the alignment; `nil` beyond `Int`.
  static func aligned(_ offset: Int) -> Int? {
    let (sum, overflow) = offset.addingReportingOverflow(alignment - 1)
    return overflow ? nil : sum & ~(alignment - 1)
  }
}
