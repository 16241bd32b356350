/// What the model's process tells the daemon.
enum ModelMessage: Equatable {
  /// The model is loaded; bytes of its input and elements of its output.
  case ready(inputBytes: UInt64, outputCount: UInt64)
  /// The files of the variant are not what its manifest names.
  case damaged(String)
  /// The model cannot be loaded on this device.
  case unusable(String)
  /// Microseconds spent in the model; the class, and the output as float32, little-endian.
  case answer(inference: UInt64, label: UInt64?, output: [UInt8])
  /// The input does not fit; the model goes on.
  case wrongInput(String)

  private static let noLabel: UInt64 = .max

  func encoded() -> [UInt8] {
    switch self {
    case .ready(let inputBytes, let outputCount):
      [0] + littleEndian(inputBytes, 8) + littleEndian(outputCount, 8)
    case .damaged(let reason): [1] + Array(reason.utf8)
    case .unusable(let reason): [2] + Array(reason.utf8)
    case .answer(let inference, let label, let output):
      [3] + littleEndian(inference, 8) + littleEndian(label ?? ModelMessage.noLabel, 8) + output
    case .wrongInput(let reason): [4] + Array(reason.utf8)
    }
  }

  /// `nil` when the bytes are no message, which a process gone wild may send.
  init?(decoding bytes: [UInt8]) {
    guard let kind = bytes.first else { return nil }
    var text: String { String(decoding: bytes[1...], as: UTF8.self) }
    switch kind {
    case 0 where bytes.count == 17:
      self = .ready(inputBytes: number(bytes, 1, 8), outputCount: number(bytes, 9, 8))
    case 1: self = .damaged(text)
    case 2: self = .unusable(text)
    case 3 where bytes.count >= 17 && (bytes.count - 17) % 4 == 0:
      let label = number(bytes, 9, 8)
      self = .answer(
        inference: number(bytes, 1, 8), label: label == ModelMessage.noLabel ? nil : label,
        output: Array(bytes[17...]))
    case 4: self = .wrongInput(text)
    default: return nil
    }
  }
}
