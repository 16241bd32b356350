import Importers
import ModelFormat

/// The flatbuffer reader and the importer: any bytes give a graph or a typed error, and a graph that was imported
/// can be stored and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTFLite(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard let graph = try? TFLiteImporter.graph(from: bytes, file: "fuzzed.tflite"),
    graph.parameterBytes < 1 << 22
  else { return 0 }
  do {
    let again = try Package(decoding: Package(graph: graph).encode()).graph
    precondition(again == graph, "a package gives another graph than was put in")
  } catch {
    preconditionFailure("an imported graph cannot be stored: \(error)")
  }
  return 0
}
