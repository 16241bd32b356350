internal import ModelFormat

/// `QUANTIZE` and `DEQUANTIZE` of values computed at run time.
extension Translation {
  mutating func quantize(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    // What uint8 and int8 of the same scale come to here is the same already.
    if Content(graph[x]) == (try declaredContent(at: site)) {
      return try bind(.runtime(x, shape), at: site)
    }
    try finish(.quantize, [x], shape: shape, at: site)
  }

  mutating func dequantize(_ site: Site) throws(ImportError) {
    let (x, shape) = try operand(0, of: site, what: "its operand")
    if graph[x].type == .float32 { return try bind(.runtime(x, shape), at: site) }
    try finish(.dequantize, [x], shape: shape, at: site)
  }
}
