public import ModelFormat

/// A prepared model apart from its bytes: the lowered graph, and where blobs and buffers lie.
struct Image {
  var deviceClass: DeviceClass
  /// Without the data of its constants.
  var graph: Graph
  /// The blob of each tensor that a step reads as it is; `nil` for all others.
  var constants: [Int?]
  /// The blobs of each node's packed matrices.
  var matrices: [[Int]]
  var arena: ArenaLayout
}

/// The description of an input or output.
public struct TensorSpec: Equatable, Sendable {
  public var name: String
  public var shape: Shape
  public var type: ElementType
  /// The scale and zero point of an int8 value.
  public var quantization: Quantization?

  /// Bytes that a value takes.
  public var byteCount: Int { (shape.elementCount ?? 0) * type.size }
}
