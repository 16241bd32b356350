internal import CKernels
internal import ModelFormat

/// How the windows of a convolution become rows of a matrix: runs of the input, of a padded copy, or
/// of a copy by output columns, found through a table of where each row begins.
struct WindowRows {
  enum Source: Equatable {
    /// The input as it lies: no window reaches past it.
    case input
    /// A copy with what is around it: this many rows and columns of pixels.
    case padded(height: Int, width: Int)
    /// For each output column what its windows read of this many input rows, one row after the
    /// other: windows are then one run, however few channels and whatever dilation there is along the width.
    case columns(height: Int)

    var isByColumns: Bool { if case .columns = self { true } else { false } }
  }

  private(set) var source: Source
  /// Runs of `k` values that make up a window, and where they begin after the window's beginning.
  private(set) var k: Int
  private(set) var segments: Int
  /// Elements of the copy; 0 when there is none.
  private(set) var copyCount: Int
  /// Elements from row to row where that is the same for all; else rows begin where the table says.
  private(set) var stride: Int?
  private var window: bk_window
  private var segmentStride: (outer: Int, inner: Int)
  private var innerSegments: Int
  private var rowStride: (y: Int, x: Int)

  /// The best way for `window`, which has passed ``Window/checkRows(_:_:)``. Its products have `columns`
  /// columns, a multiple of the panel's width.
  init(_ window: bk_window, isInt8: Bool, columns: Int) {
    let (height, width) = (window.reachedHeight, window.reachedWidth)
    if window.top == 0 && window.left == 0 && height <= window.height && width <= window.width {
      let direct = Self(window, .input, height: height, across: window.width)
      // A run of int8 that is no multiple of what kernels read would be read past the input's end.
      if !isInt8 || direct.k % Int(BK_I8_K_ALIGNMENT) == 0 {
        self = direct
        return
      }
    }
    self = Self(window, .padded(height: height, width: width), height: height, across: width)
    let run = Int64(window.kernel_width) * Int64(window.channels)
    guard Int64(window.output_width) * Int64(height) * run <= 1 << 26 else { return }
    let byColumns = Self(window, .columns(height: height), height: height, across: 0)
    if byColumns.cost(isInt8: isInt8, columns: columns) < cost(isInt8: isInt8, columns: columns) {
      self = byColumns
    }
  }

  private init(_ w: bk_window, _ source: Source, height: Int, across: Int) {
    self.window = w
    self.source = source
    let dilatesX = w.kernel_width > 1 && w.dilation_width > 1
    let dilatesY = w.kernel_height > 1 && w.dilation_height > 1
    let run = w.kernel_width * w.channels
    var strideY = w.output_height > 1 ? w.stride_height : 0
    var strideX = w.output_width > 1 ? w.stride_width * w.channels : 0
    innerSegments = source.isByColumns || !dilatesX ? 1 : w.kernel_width
    if source.isByColumns {
      (strideX, strideY) = (height * run, strideY * run)
      segmentStride = (dilatesY ? w.dilation_height * run : 0, 0)
      copyCount = w.output_width * height * run
      (k, segments) = dilatesY ? (run, w.kernel_height) : (w.kernel_height * run, 1)
    } else {
      let row = across * w.channels
      strideY *= row
      segmentStride = (
        w.kernel_height > 1 ? w.dilation_height * row : 0,
        dilatesX ? w.dilation_width * w.channels : 0
      )
      copyCount = source == .input ? 0 : height * row
      if dilatesX {
        (k, segments) = (w.channels, w.kernel_height * w.kernel_width)
      } else {
        let isOneRun = w.kernel_height == 1 || (!dilatesY && run == row)
        (k, segments) = isOneRun ? (w.kernel_height * run, 1) : (run, w.kernel_height)
      }
    }
    rowStride = (strideY, strideX)
    let isEven = strideY == w.output_width * strideX || w.output_width == 1
    stride =
      w.output_height == 1 ? strideX : isEven ? (w.output_width == 1 ? strideY : strideX) : nil
  }

  /// Roughly the cycles of the copy and of the products on a core with vectors of 256 bits.
  private func cost(isInt8: Bool, columns: Int) -> Double {
    let outputs = Double(window.output_height * window.output_width) * Double(columns)
    let depth = isInt8 ? Matrix.quantizedRow(k) : k
    let product = outputs * Double(segments * depth) / (isInt8 ? 64 : 16)
    let switches = outputs * Double(segments) / 32
    let bytes = Double(copyCount * (isInt8 ? 1 : 4)) / 16
    switch source {
    case .input: return product + switches
    case .padded(let height, _): return product + switches + bytes + Double(height) * 30
    case .columns(let height):
      return product + switches + bytes + Double(window.output_width * height) * 5
    }
  }

  // MARK: Tables

  /// Int32 values of the table: the segments' beginnings, then the rows' where they are not even.
  var tableCount: Int {
    segments + (stride == nil ? window.output_height * window.output_width : 0)
  }

  func fill(_ table: UnsafeMutablePointer<Int32>) {
    for segment in 0..<segments {
      table[segment] = Int32(
        segment / innerSegments * segmentStride.outer
          + segment % innerSegments * segmentStride.inner)
    }
    guard stride == nil else { return }
    var row = segments
    for y in 0..<window.output_height {
      for x in 0..<window.output_width {
        table[row] = Int32(y * rowStride.y + x * rowStride.x)
        row += 1
      }
    }
  }

  /// The rows over `a`, which is the input or its copy, whose sign bits may be flipped.
  func rows(
    _ a: UnsafeRawPointer, _ table: UnsafePointer<Int32>, flipped: Bool = false
  ) -> bk_rows {
    bk_rows(
      a: a, stride: stride ?? 0, rows: stride == nil ? table + segments : nil,
      segments: segments, segment_offsets: table, k: k, flipped: flipped)
  }

  /// The copy of one sample for the rows, with `fill` around it; `nil` when rows read the input.
  func layout(
    _ x: UnsafeRawPointer, element: Int, fill: Int8, flips: Bool,
    to copy: UnsafeMutableRawPointer
  ) -> bk_layout_work? {
    let extent: (height: Int, width: Int)
    switch source {
    case .input: return nil
    case .padded(let height, let width): extent = (height, width)
    case .columns(let height): extent = (height, 0)
    }
    return bk_layout_work(
      window: window, by_columns: source.isByColumns, flips: flips, fill: fill,
      element_size: element, height: extent.height, width: extent.width, x: x, y: copy)
  }
}

extension bk_window {
  /// Rows and columns of pixels, with what is around the input, that windows reach.
  var reachedHeight: Int {
    (output_height - 1) * stride_height + (kernel_height - 1) * dilation_height + 1
  }
  var reachedWidth: Int {
    (output_width - 1) * stride_width + (kernel_width - 1) * dilation_width + 1
  }
}
