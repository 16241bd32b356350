extension NodeRules {
  func checkConvolution(_ payload: Convolution2D) throws(GraphError) {
    let (x, w, bias) = try imageOperands()
    try expectShape([w.shape[0], w.shape[1], w.shape[2], x.shape[3]], of: w)
    if let bias { try expectShape([w.shape[0]], of: bias) }
    try expectWeighted(x, weights: [w], bias: bias, activation: payload.activation)
    let window = Extent2D(height: w.shape[1], width: w.shape[2])
    let (height, width) = try windows(
      over: x.shape, window, payload.stride, payload.dilation, payload.padding)
    try expectOutput([x.shape[0], height, width, w.shape[0]])
  }

  func checkDepthwiseConvolution(_ payload: Convolution2D) throws(GraphError) {
    let (x, w, bias) = try imageOperands()
    let channels = w.shape[3]
    try expectShape([1, w.shape[1], w.shape[2], channels], of: w)
    try require(
      channels.isMultiple(of: x.shape[3]),
      "has \(channels) output channels, no multiple of the input's \(x.shape[3])")
    if let bias { try expectShape([channels], of: bias) }
    try expectWeighted(x, weights: [w], bias: bias, activation: payload.activation, channelAxis: 3)
    let window = Extent2D(height: w.shape[1], width: w.shape[2])
    let (height, width) = try windows(
      over: x.shape, window, payload.stride, payload.dilation, payload.padding)
    try expectOutput([x.shape[0], height, width, channels])
  }

  /// The output's extents are given; the forward convolution over them must give the input's.
  func checkTransposedConvolution(_ payload: TransposedConvolution2D) throws(GraphError) {
    let (x, w, bias) = try imageOperands()
    try expectShape([w.shape[0], w.shape[1], w.shape[2], x.shape[3]], of: w)
    if let bias { try expectShape([w.shape[0]], of: bias) }
    try expectWeighted(x, weights: [w], bias: bias, activation: payload.activation)
    try expectRank(4, of: output)
    let window = Extent2D(height: w.shape[1], width: w.shape[2])
    let (height, width) = try windows(
      over: output.shape, window, payload.stride, Extent2D(height: 1, width: 1), payload.padding)
    try require(
      height == x.shape[1] && width == x.shape[2],
      "would read \(height) x \(width) to write \(output.shape.description), not \(x.shape.description)"
    )
    try expectOutput([x.shape[0], output.shape[1], output.shape[2], w.shape[0]])
  }

  func checkPool(_ payload: Pool2D) throws(GraphError) {
    try expectOperands(1)
    let x = input(0)
    try expectRank(4, of: x)
    try expectFloatOrInt8([x])
    if x.type == .int8 {
      try expectMoved([x])
      try expectClamp(payload.activation)
    }
    let (height, width) = try windows(
      over: x.shape, payload.window, payload.stride, Extent2D(height: 1, width: 1),
      payload.padding)
    try expectOutput([x.shape[0], height, width, x.shape[3]])
  }

  private func imageOperands() throws(GraphError) -> (x: Tensor, w: Tensor, bias: Tensor?) {
    try expectOperands(3, optional: 1)
    let (x, w) = (input(0), input(1))
    try expectRank(4, of: x)
    try expectRank(4, of: w)
    return (x, w, optionalInput(2))
  }

  /// How many windows fit into a padded image. Padding is less than the window, so that every window of a pool holds an
  /// element of the image.
  private func windows(
    over image: Shape, _ window: Extent2D, _ stride: Extent2D, _ dilation: Extent2D,
    _ padding: Padding2D
  ) throws(GraphError) -> (height: Int, width: Int) {
    let height = try windows(
      over: image[1], window.height, stride.height, dilation.height, padding.top, padding.bottom)
    let width = try windows(
      over: image[2], window.width, stride.width, dilation.width, padding.left, padding.right)
    return (height, width)
  }

  private func windows(
    over extent: Int, _ window: Int, _ stride: Int, _ dilation: Int, _ before: Int, _ after: Int
  ) throws(GraphError) -> Int {
    let sensible = 1...Graph.maximumExtent
    try require(
      sensible.contains(window) && sensible.contains(stride) && sensible.contains(dilation),
      "has a window of \(window), stride \(stride) and dilation \(dilation)")
    let spanned = (Int64(window) - 1) * Int64(dilation) + 1
    try require(
      before >= 0 && after >= 0 && Int64(before) < spanned && Int64(after) < spanned,
      "pads by \(before) and \(after) around a window that spans \(spanned)")
    let room = Int64(extent) + Int64(before) + Int64(after) - spanned
    try require(room >= 0, "has a window that spans \(spanned), over \(extent)")
    return Int(room / Int64(stride)) + 1
  }
}
