internal import CKernels
internal import ModelFormat

/// The functions that a node's step calls, by the table that runs it.
///
/// A table may borrow an entry from a slower one; the name tells whose it is.
struct KernelNames {
  private typealias Table = UnsafePointer<bk_kernels>
  private let selected: UnsafePointer<bk_kernels>

  init(_ selected: UnsafePointer<bk_kernels>) { self.selected = selected }

  /// Joined by commas.
  func joined(_ graph: Graph, _ node: Node) -> String {
    names(graph, node).joined(separator: ", ")
  }

  private func names(_ graph: Graph, _ node: Node) -> [String] {
    func type(_ position: Int) -> ElementType? {
      guard position < node.inputs.count, let id = node.inputs[position] else { return nil }
      return graph[id].type
    }
    let isFloat = type(0) == .float32
    switch node.operation {
    case .dense, .convolution2D, .transposedConvolution2D:
      return [product(of: type(0), by: type(1))]
    case .lstm:
      return isFloat
        ? [product(of: type(0), by: type(1)), lstmCell] : [product(of: type(0), by: type(1))]
    case .batchMatMul: return [product(of: type(0), by: isFloat ? .float32 : .int8)]
    case .attention: return [product(of: type(0), by: .float32), softmax]
    case .depthwiseConvolution2D: return isFloat ? [depthwise] : ["depthwise int8"]
    case .pool2D: return isFloat ? [pool] : ["pool int8"]
    case .binary: return isFloat ? [binary] : ["binary int8"]
    case .unary, .leakyReLU: return isFloat ? [unary] : ["table int8"]
    case .softmax: return isFloat ? [softmax] : ["softmax int8"]
    case .logSoftmax:
      return [name("f32_log_softmax") { address($0.pointee.rows.f32_log_softmax) }]
    case .l2Normalization: return [name("f32_l2_norm") { address($0.pointee.rows.f32_l2_norm) }]
    case .layerNormalization:
      return [name("f32_layer_norm") { address($0.pointee.rows.f32_layer_norm) }]
    case .reduce(let kind, _, _):
      if !isFloat { return ["reduce int8"] }
      return kind == .maximum
        ? [name("f32_maximum") { address($0.pointee.rows.f32_maximum) }]
        : [name("f32_sum") { address($0.pointee.rows.f32_sum) }]
    case .select: return ["bk_f32_select"]
    case .resize2D(let resize):
      return [resize.kind == .nearest ? "bk_resize_nearest" : "bk_f32_resize_bilinear"]
    case .gather: return ["bk_gather_run"]
    case .quantize, .dequantize: return ["bk_\(node.operation.name)_affine"]
    case .reshape, .transpose, .tile, .concatenate, .slice, .pad: return ["copy"]
    }
  }

  /// Float rows are quantized first where the weights are int8.
  private func product(of rows: ElementType?, by weights: ElementType?) -> String {
    switch (rows, weights) {
    case (.int8, _): name("i8_i8_gemm") { address($0.pointee.gemm.i8_i8_gemm) }
    case (_, .int8): name("i8_f32_gemm") { address($0.pointee.gemm.i8_f32_gemm) }
    case (_, .float16): name("f16_gemm") { address($0.pointee.gemm.f16_gemm) }
    default: name("f32_gemm") { address($0.pointee.gemm.f32_gemm) }
    }
  }

  private var lstmCell: String {
    name("f32_lstm_cell") { address($0.pointee.recurrent.f32_lstm_cell) }
  }
  private var depthwise: String {
    name("f32_depthwise") { address($0.pointee.spatial.f32_depthwise) }
  }
  private var pool: String { name("f32_pool") { address($0.pointee.spatial.f32_pool) } }
  private var binary: String {
    name("f32_binary") { address($0.pointee.elementwise.f32_binary) }
  }
  private var unary: String { name("f32_unary") { address($0.pointee.elementwise.f32_unary) } }
  private var softmax: String { name("f32_softmax") { address($0.pointee.rows.f32_softmax) } }

  /// `bk_<entry>__<isa>` with the slowest table that has the selected one's function.
  private func name(_ entry: String, _ function: (Table) -> UInt) -> String {
    let wanted = function(selected)
    var position = 0
    while let table = bk_kernels_at(position) {
      if function(table) == wanted { return "bk_\(entry)__\(text(table.pointee.name))" }
      position += 1
    }
    return "bk_\(entry)__\(text(selected.pointee.name))"
  }
}

/// Where a function lies, to compare it with others.
private func address<Function>(_ function: Function) -> UInt {
  unsafeBitCast(function, to: UInt.self)
}
