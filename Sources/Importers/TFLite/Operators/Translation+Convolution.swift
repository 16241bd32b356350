internal import ModelFormat

/// Convolutions and pools over [n, h, w, c].
extension Translation {
  mutating func convolution(_ site: Site) throws(ImportError) {
    let options = site.op.options(.convolution2D)
    let geometry = Geometry(
      same: try options?.integer(0, default: Int8(0)) ?? 0 == 0,
      stride: try extent(options, height: 2, width: 1, at: site),
      dilation: try extent(options, height: 5, width: 4, default: 1, at: site))
    let fused = try activation(options?.integer(3, default: Int8(0)) ?? 0, at: site)
    let (x, shape) = try operand(0, of: site, what: "its image")
    let kernel = try constant(1, of: site, what: "its weights").shape
    try checkRanks(image: shape, weights: kernel, at: site)
    guard kernel[3] == shape[3] else {
      throw unsupported(
        "its weights read \(kernel[3]) of \(shape[3]) channels (a grouped convolution)", at: site)
    }
    let w = try weight(1, of: site, channelAxis: 0)
    let b = try bias(2, of: site, count: kernel[0])
    let (size, padding) = try output(of: geometry, image: shape, kernel: kernel, at: site)
    try finish(
      .convolution2D(
        Convolution2D(
          stride: geometry.stride, dilation: geometry.dilation, padding: padding, activation: fused)
      ), [x, w, b], shape: [shape[0], size.height, size.width, kernel[0]], at: site)
  }

  mutating func depthwiseConvolution(_ site: Site) throws(ImportError) {
    let options = site.op.options(.depthwiseConvolution2D)
    let geometry = Geometry(
      same: try options?.integer(0, default: Int8(0)) ?? 0 == 0,
      stride: try extent(options, height: 2, width: 1, at: site),
      dilation: try extent(options, height: 6, width: 5, default: 1, at: site))
    let fused = try activation(options?.integer(4, default: Int8(0)) ?? 0, at: site)
    let (x, shape) = try operand(0, of: site, what: "its image")
    let kernel = try constant(1, of: site, what: "its weights").shape
    try checkRanks(image: shape, weights: kernel, at: site)
    guard kernel[0] == 1, kernel[3] % shape[3] == 0 else {
      throw failure(
        at: site, .inconsistent("its weights \(kernel) do not fit an image of shape \(shape)"))
    }
    let w = try weight(1, of: site, channelAxis: 3)
    let b = try bias(2, of: site, count: kernel[3])
    let (size, padding) = try output(of: geometry, image: shape, kernel: kernel, at: site)
    try finish(
      .depthwiseConvolution2D(
        Convolution2D(
          stride: geometry.stride, dilation: geometry.dilation, padding: padding, activation: fused)
      ), [x, w, b], shape: [shape[0], size.height, size.width, kernel[3]], at: site)
  }

  mutating func transposedConvolution(_ site: Site) throws(ImportError) {
    let options = site.op.options(.transposeConvolution)
    let same = try options?.integer(0, default: Int8(0)) ?? 0 == 0
    let stride = try extent(options, height: 2, width: 1, at: site)
    let fused = try activation(options?.integer(3, default: Int8(0)) ?? 0, at: site)
    let (x, shape) = try operand(2, of: site, what: "its image")
    let kernel = try constant(1, of: site, what: "its weights").shape
    try checkRanks(image: shape, weights: kernel, at: site)
    var result = try integers(0, of: site, what: "its output shape")
    guard result.count == 4, kernel[3] == shape[3] else {
      throw failure(
        at: site, .inconsistent("its weights \(kernel) do not fit an image of shape \(shape)"))
    }
    if result[0] < 0 { result[0] = shape[0] }
    let w = try weight(1, of: site, channelAxis: 0)
    let b = try bias(3, of: site, count: kernel[0])
    // The forward convolution would turn `result` into `shape`: its padding is the one meant.
    let forward = Geometry(same: same, stride: stride, dilation: Extent2D(height: 1, width: 1))
    guard result.allSatisfy({ $0 > 0 }), result[0] == shape[0], result[3] == kernel[0],
      let (size, padding) = forward.output(
        of: Extent2D(height: result[1], width: result[2]),
        kernel: Extent2D(height: kernel[1], width: kernel[2])),
      size == Extent2D(height: shape[1], width: shape[2])
    else {
      throw failure(at: site, .inconsistent("its output shape \(result) does not fit \(shape)"))
    }
    try finish(
      .transposedConvolution2D(
        TransposedConvolution2D(stride: stride, padding: padding, activation: fused)),
      [x, w, b], shape: result, at: site)
  }

  mutating func pool(_ site: Site, _ kind: Pool2D.Kind) throws(ImportError) {
    let options = site.op.options(.pool2D)
    let geometry = Geometry(
      same: try options?.integer(0, default: Int8(0)) ?? 0 == 0,
      stride: try extent(options, height: 2, width: 1, at: site),
      dilation: Extent2D(height: 1, width: 1))
    let window = try extent(options, height: 4, width: 3, at: site)
    let fused = try activation(options?.integer(5, default: Int8(0)) ?? 0, at: site)
    let (x, shape) = try operand(0, of: site, what: "its image")
    let kernel = [1, window.height, window.width, 1]
    try checkRanks(image: shape, weights: kernel, at: site)
    let (size, padding) = try output(of: geometry, image: shape, kernel: kernel, at: site)
    try finish(
      .pool2D(
        Pool2D(
          kind: kind, window: window, stride: geometry.stride, padding: padding, activation: fused)
      ), [x], shape: [shape[0], size.height, size.width, shape[3]], at: site)
  }

  private func checkRanks(
    image: [Int], weights: [Int], at site: Site
  ) throws(ImportError) {
    guard image.count == 4, weights.count == 4, weights.allSatisfy({ $0 > 0 }) else {
      throw failure(
        at: site, .inconsistent("its image has shape \(image), its window or weights \(weights)"))
    }
  }

  private func output(
    of geometry: Geometry, image: [Int], kernel: [Int], at site: Site
  ) throws(ImportError) -> (Extent2D, Padding2D) {
    let extent = Extent2D(height: image[1], width: image[2])
    let window = Extent2D(height: kernel[1], width: kernel[2])
    guard let result = geometry.output(of: extent, kernel: window) else {
      throw failure(
        at: site, .inconsistent("a window of \(kernel) does not fit an image of shape \(image)"))
    }
    return result
  }

  private func extent(
    _ options: FlatTable?, height: Int, width: Int, default value: Int32 = 0, at site: Site
  ) throws(ImportError) -> Extent2D {
    let extent = Extent2D(
      height: Int(try options?.integer(height, default: value) ?? value),
      width: Int(try options?.integer(width, default: value) ?? value))
    guard (1...65536).contains(extent.height), (1...65536).contains(extent.width) else {
      throw failure(
        at: site,
        .inconsistent("it has a stride, dilation or window of \(extent.height) × \(extent.width)"))
    }
    return extent
  }
}
