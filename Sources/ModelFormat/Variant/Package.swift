import Encoding

/// A graph as it is sent and stored: the `.bramble` file. The same graph gives the same bytes.
public struct Package: Equatable, Sendable {
  public var graph: Graph

  public init(graph: Graph) { self.graph = graph }

  /// The file.
  public func encode() -> [UInt8] {
    var writer = ContainerWriter(kind: .package)
    for tensor in graph.tensors {
      if let data = tensor.data { _ = writer.add(data) }
    }
    return writer.encode(header: GraphStructure(graph).cbor)
  }

  /// From the bytes of a file.
  public init(decoding bytes: [UInt8]) throws(FormatError) {
    self = try withBytes(bytes) { buffer throws(FormatError) in try Package(decoding: buffer) }
  }

  /// From the bytes of a file; the graph is valid afterwards.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(FormatError) {
    let view = try ContainerView(bytes, kind: .package)
    let structure: GraphStructure
    do throws(CBORError) {
      structure = try GraphStructure(view.document)
    } catch {
      throw FormatError(error, start: view.headerOffset)
    }
    graph = structure.graph
    var next = 0
    for (index, blob) in structure.blobs.enumerated() {
      guard let blob else { continue }
      guard blob == next, blob < view.blobCount else {
        throw FormatError(
          .invalid("tensor \(index) names blob \(blob), not the next one"),
          offset: view.headerOffset)
      }
      graph.tensors[index].data = [UInt8](view.blob(blob))
      next += 1
    }
    guard next == view.blobCount else {
      throw FormatError(.invalid("blob \(next) belongs to no tensor"), offset: view.headerOffset)
    }
    do throws(GraphError) {
      try graph.validate()
    } catch {
      throw FormatError(.graph(error), offset: view.headerOffset)
    }
  }
}
