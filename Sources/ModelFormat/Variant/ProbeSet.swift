import Encoding

/// Labelled windows that a device runs to show how fast and how right a variant is there.
public struct ProbeSet: Equatable, Sendable {
  /// The shape of one window, which is that of the model's input.
  public var inputShape: Shape
  /// Window after window, row-major.
  public var windows: [Float]
  /// One for each window.
  public var labels: [UInt32]

  /// There must be as many windows as labels.
  public init(inputShape: Shape, windows: [Float], labels: [UInt32]) {
    precondition(
      inputShape.elementCount.map { windows.count == $0 * labels.count } ?? false,
      "\(labels.count) labels, yet \(windows.count) numbers in windows of \(inputShape.description)"
    )
    self.inputShape = inputShape
    self.windows = windows
    self.labels = labels
  }

  /// How many windows there are.
  public var count: Int { labels.count }

  /// The numbers of window `index`.
  public func window(_ index: Int) -> ArraySlice<Float> {
    let size = windows.count / labels.count
    return windows[index * size..<(index + 1) * size]
  }

  /// The file.
  public func encode() -> [UInt8] {
    var writer = ContainerWriter(kind: .probeSet)
    _ = writer.add(windows.littleEndianBytes)
    _ = writer.add(labels.littleEndianBytes)
    return writer.encode(
      header: .map([
        CBORField("shape", inputShape.cbor), CBORField("count", CBOR(labels.count)),
      ]))
  }

  /// From the bytes of a file.
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    self = try withBytes(bytes) { buffer throws(FormatError) in try ProbeSet(decoding: buffer) }
  }

  /// From the bytes of a file, which holds one window at least. Windows must hold finite numbers only.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(FormatError) {
    let view = try ContainerView(bytes, kind: .probeSet)
    let count: Int
    do throws(CBORError) {
      try view.document.allowOnly(["shape", "count"])
      inputShape = try Shape(view.document.field("shape"))
      count = try view.document.field("count").int(in: 1 ... .max)
    } catch {
      throw FormatError(error, start: view.headerOffset)
    }
    let size = UInt64(inputShape.elementCount ?? 0)
    guard view.blobCount == 2, UInt64(view.blob(0).count) == size * UInt64(count) * 4,
      UInt64(view.blob(1).count) == UInt64(count) * 4
    else {
      throw FormatError(
        .invalid(
          "the blobs are not \(count) windows of \(inputShape.description) and their labels"),
        offset: view.headerOffset)
    }
    windows = words(view.blob(0)).map { Float(bitPattern: $0) }
    labels = words(view.blob(1))
    if let place = windows.firstIndex(where: { !$0.isFinite }) {
      throw FormatError(
        .invalid("window \(place / Int(size)) holds a number that is not finite"),
        offset: view.offset(ofBlob: 0) + 4 * place)
    }
  }
}

private func words(_ bytes: UnsafeRawBufferPointer) -> [UInt32] {
  (0..<bytes.count / 4).map { bytes.littleEndian(at: 4 * $0, as: UInt32.self) }
}
