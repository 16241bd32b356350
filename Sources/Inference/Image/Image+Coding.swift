internal import Encoding
internal import ModelFormat

extension Image {
  /// The header of the image's container.
  var header: CBOR {
    .map([
      CBORField("class", .text(deviceClass.name)),
      CBORField("graph", GraphStructure(graph, blobs: constants).cbor),
      CBORField("matrices", .array(matrices.map { .array($0.map { CBOR($0) }) })),
      CBORField("offsets", .array(arena.tensors.map { $0.map { CBOR($0) } ?? .null })),
      CBORField("scratch", .array(arena.scratch.map { CBOR($0) })),
      CBORField("state", .array(arena.state.map { CBOR($0) })),
      CBORField("arena", CBOR(arena.bytes)),
    ])
  }

  /// Reads the header, each field by itself; ``Binder`` checks how they go together.
  init(_ node: CBORNode) throws(CBORError) {
    try node.allowOnly(["class", "graph", "matrices", "offsets", "scratch", "state", "arena"])
    let name = try node.field("class")
    guard let deviceClass = DeviceClass(name: try name.text(atMost: 64)) else {
      throw name.error(.invalid("the device class is not known"))
    }
    let structure = try GraphStructure(node.field("graph"))
    var matrices: [[Int]] = []
    for list in try node.field("matrices").elements() {
      matrices.append(try Self.numbers(list))
    }
    var offsets: [Int?] = []
    for item in try node.field("offsets").elements() {
      if let present = item.optional() {
        offsets.append(try present.int())
      } else {
        offsets.append(nil)
      }
    }
    self.deviceClass = deviceClass
    graph = structure.graph
    constants = structure.blobs
    self.matrices = matrices
    arena = ArenaLayout(
      tensors: offsets, scratch: try Self.numbers(node.field("scratch")),
      state: try Self.numbers(node.field("state")), bytes: try node.field("arena").int())
  }

  private static func numbers(_ node: CBORNode) throws(CBORError) -> [Int] {
    var numbers: [Int] = []
    for item in try node.elements() { numbers.append(try item.int()) }
    return numbers
  }
}
