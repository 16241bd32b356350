internal import CKernels
internal import Encoding
public import ModelFormat

/// Prepares graphs: lowers and folds constants, packs weights for a device class, plans the memory.
public enum ImageBuilder {
  /// The bytes of the image, the same on every machine.
  public static func image(
    of graph: Graph, for deviceClass: DeviceClass
  ) throws(InferenceError) -> [UInt8] {
    let prepared = try prepare(graph, for: deviceClass)
    var writer = ContainerWriter(kind: .image)
    for blob in prepared.blobs { _ = writer.add(blob) }
    return writer.encode(header: prepared.image.header)
  }

  static func prepare(
    _ graph: Graph, for deviceClass: DeviceClass
  ) throws(InferenceError) -> PreparedGraph {
    do throws(GraphError) {
      try graph.validate()
    } catch {
      throw .invalidGraph(error.description)
    }
    return try PreparedGraph(
      try graph.lowered(for: deviceClass).folded().fused(), for: deviceClass)
  }
}

extension Interpreter {
  /// Maps an image that ``ImageBuilder`` made, after checking it from end to end.
  ///
  /// - Parameter image: must outlive the interpreter, and start at a multiple of 64 bytes as mapped
  ///   files do.
  /// - Parameter threads: how many may work on one run; `nil` takes as many as this machine's cores and
  ///   the sizes of the layers make worthwhile.
  public convenience init(
    image: UnsafeRawBufferPointer, threads: Int? = 1
  ) throws(InferenceError) {
    try self.init(image: image, threads: threads, kernels: nil)
  }

  /// The same with other kernels than the selected ones, where they fit the image's tile, and with other work
  /// that is shared.
  convenience init(
    image: UnsafeRawBufferPointer, threads: Int? = 1, kernels: UnsafePointer<bk_kernels>?,
    threshold: ThreadThreshold? = nil
  ) throws(InferenceError) {
    let (decoded, blobs) = try Image.read(image)
    try self.init(
      decoded, blobs: blobs, threads: threads, kernels: kernels, threshold: threshold)
  }
}

extension Image {
  /// The image in a file's bytes, and its blobs where they lie.
  static func read(
    _ bytes: UnsafeRawBufferPointer
  ) throws(InferenceError) -> (image: Image, blobs: [UnsafeRawBufferPointer]) {
    guard Int(bitPattern: bytes.baseAddress) % MemoryPlan.alignment == 0 else {
      throw .damagedImage("it does not start at a multiple of \(MemoryPlan.alignment) bytes")
    }
    let image: Image
    var blobs: [UnsafeRawBufferPointer] = []
    do throws(FormatError) {
      let view = try ContainerView(bytes, kind: .image)
      do throws(CBORError) {
        image = try Image(view.document)
      } catch {
        throw FormatError(error, start: view.headerOffset)
      }
      for index in 0..<view.blobCount { blobs.append(view.blob(index)) }
    } catch {
      throw .damagedImage(error.description)
    }
    return (image, blobs)
  }
}
