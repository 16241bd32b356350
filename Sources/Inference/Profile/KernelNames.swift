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
        ? [product(of: type(0), by: type(1)), lstmStep]
        : [
          name("i8_i32_gemm") { address($0.pointee.gemm.i8_i32_gemm) },
          name("i8_lstm_cell") { address($0.pointee.quantized.i8_lstm_cell) },
        ]
    case .gru: return [product(of: type(0), by: type(1)), gruGates]
    case .batchMatMul:
      return isFloat
        ? [product(of: type(0), by: .float32)]
        : [name("i8_matmul") { address($0.pointee.quantized.i8_matmul) }]
    case .attention: return [product(of: type(0), by: .float32), softmax]
    case .depthwiseConvolution2D:
      return [
        isFloat && type(1) == .float32
          ? depthwise : name("i8_depthwise") { address($0.pointee.spatial.i8_depthwise) }
      ]
    case .pool2D: return [isFloat ? pool : name("i8_pool") { address($0.pointee.spatial.i8_pool) }]
    case .binary(let kind, _) where !isFloat && (kind == .divide || kind.isComparison):
      return ["bk_i8_rare_binary"]
    case .binary:
      return isFloat
        ? [binary] : [name("i8_binary") { address($0.pointee.quantized.i8_binary) }]
    case .unary, .leakyReLU:
      return isFloat ? [unary] : [name("i8_table") { address($0.pointee.quantized.i8_table) }]
    case .softmax:
      return isFloat
        ? [softmax] : [name("i8_softmax") { address($0.pointee.quantized.i8_softmax) }]
    case .logSoftmax:
      return isFloat
        ? [name("f32_log_softmax") { address($0.pointee.rows.f32_log_softmax) }]
        : ["bk_i8_log_softmax"]
    case .l2Normalization:
      return isFloat
        ? [name("f32_l2_norm") { address($0.pointee.rows.f32_l2_norm) }] : ["bk_i8_l2_norm"]
    case .layerNormalization:
      return [name("f32_layer_norm") { address($0.pointee.rows.f32_layer_norm) }]
    case .reduce(let kind, _, _):
      if !isFloat {
        return kind == .maximum
          ? ["bk_i8_maximum"] : [name("i8_sum") { address($0.pointee.quantized.i8_sum) }]
      }
      return kind == .maximum
        ? [name("f32_maximum") { address($0.pointee.rows.f32_maximum) }]
        : [name("f32_sum") { address($0.pointee.rows.f32_sum) }]
    case .select: return ["bk_select"]
    case .resize2D(let resize):
      let bilinear = isFloat ? "bk_f32_resize_bilinear" : "bk_i8_resize_bilinear"
      return [resize.kind == .nearest ? "bk_resize_nearest" : bilinear]
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
    case (_, .int4): name("i4_f32_gemm") { address($0.pointee.gemm.i4_f32_gemm) }
    case (_, .float16): name("f16_gemm") { address($0.pointee.gemm.f16_gemm) }
    default: name("f32_gemm") { address($0.pointee.gemm.f32_gemm) }
    }
  }

  /// A step that fuses product and cell, or the cell behind the table's product.
  private var lstmStep: String {
    let unfused = address(
      bk_f32_lstm_step__scalar as @convention(c) (UnsafePointer<bk_lstm_step>?) -> Void)
    return address(selected.pointee.recurrent.f32_lstm_step) == unfused
      ? name("f32_lstm_cell") { address($0.pointee.recurrent.f32_lstm_cell) }
      : name("f32_lstm_step") { address($0.pointee.recurrent.f32_lstm_step) }
  }
  private var gruGates: String {
    name("f32_gru_gates") { address($0.pointee.recurrent.f32_gru_gates) }
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
      if function(table) == wanted { return name(entry, in: table) }
      position += 1
    }
    return name(entry, in: selected)
  }

  /// By itself, because the compiler makes a copy of the search for every entry: with this in it they were 57 KB.
  @inline(never)
  private func name(_ entry: String, in table: Table) -> String {
    "bk_\(entry)__\(text(table.pointee.name))"
  }
}

/// Where a function lies, to compare it with others.
private func address<Function>(_ function: Function) -> UInt {
  unsafeBitCast(function, to: UInt.self)
}
