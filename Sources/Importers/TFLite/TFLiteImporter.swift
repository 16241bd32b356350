public import ModelFormat

/// Reads TensorFlow Lite files (`.tflite`, schema version 3) whose activations are float32 or int8.
///
/// Weights may be float32, float16 (behind `DEQUANTIZE`) or int8; int8 activations keep their scales and zero
/// points, inputs and outputs among them (uint8 ones move down by 128). What the graph
/// needs no node for is folded away: dequantized constants, shape arithmetic, axes and paddings.
/// Attention and layer normalization stay the decomposed operators that converters emit. A `WHILE`
/// loop is accepted when its body is a step of an LSTM or a GRU; unrolled layers become one node again, and those
/// that go backwards read their sequence from its end. A recurrent layer starts each prediction
/// from zero state, unlike LiteRT, which carries the state from call to call.
public enum TFLiteImporter {
  /// The network in `bytes`, the content of a `.tflite` file.
  ///
  /// An extent that the file leaves free on its first axis (the batch) becomes 1.
  ///
  /// - Parameters:
  ///   - file: how messages name the file; its last path component names the graph.
  ///   - keepsState: whether recurrent layers go on from the state that the last prediction left.
  /// - Throws: ``ImportError``, for damaged files and for what the graph cannot express.
  public static func graph(
    from bytes: [UInt8], file: String, keepsState: Bool = false
  ) throws(ImportError) -> Graph {
    let model = try TFLiteModel(bytes: bytes, file: file)
    var translation = try Translation(of: model)
    try translation.run()
    var graph = translation.graph
    graph.name = name(of: file)
    graph.mergeUnrolledCells()
    graph.mergeTimeDistributedRows()
    graph.turnRecurrentLayers()
    graph.removeIdleMoves()
    graph.joinSlices()
    graph.removeIdleMoves()
    graph.removeUnused()
    for index in graph.nodes.indices {
      graph.nodes[index].operation.keepsState = keepsState
    }
    do {
      try graph.validate()
    } catch {
      throw ImportError(
        file: file,
        problem: .unsupported(
          "the network cannot be computed: \(error)",
          advice: "change that layer, or convert the model with other options"))
    }
    return graph
  }

  private static func name(of file: String) -> String {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    return last.hasSuffix(".tflite") ? String(last.dropLast(7)) : last
  }
}
