internal import ModelFormat

extension Translation {
  mutating func resize(_ site: Site, _ kind: Resize2D.Kind) throws(ImportError) {
    // The bilinear operator's first two options are of an old form of it, and not read any more.
    let options = site.op.options(kind == .bilinear ? .resizeBilinear : .resizeNearest)
    let first = kind == .bilinear ? 2 : 0
    let resize = Resize2D(
      kind: kind, alignsCorners: try options?.bool(first) ?? false,
      centersPixels: try options?.bool(first + 1) ?? false)
    let (x, shape) = try operand(0, of: site, what: "its image")
    let size = try integers(1, of: site, what: "its new size")
    guard shape.count == 4, size.count == 2,
      size.allSatisfy({ (1...Graph.maximumExtent).contains($0) })
    else {
      throw failure(at: site, .inconsistent("it resizes \(shape) to \(size)"))
    }
    try finish(.resize2D(resize), [x], shape: [shape[0], size[0], size[1], shape[3]], at: site)
  }
}
