internal import ModelFormat

/// The part of a tensor that `SLICE` and `STRIDED_SLICE` take.
struct Cut {
  var begin: [Int]
  var strides: [Int]
  var counts: [Int]
  /// `counts` without the axes that the operator drops.
  var shape: [Int]
}

extension Translation {
  func cut(of shape: [Int], at site: Site) throws(ImportError) -> Cut {
    let cut =
      site.op.code.description == "SLICE"
      ? try plainCut(of: shape, at: site) : try stridedCut(of: shape, at: site)
    guard cut.counts.allSatisfy({ $0 > 0 }) else {
      throw failure(at: site, .inconsistent("it takes nothing of shape \(shape)"))
    }
    return cut
  }

  private func plainCut(of shape: [Int], at site: Site) throws(ImportError) -> Cut {
    let begin = try integers(1, of: site, what: "its begin")
    let size = try integers(2, of: site, what: "its size")
    guard begin.count == shape.count, size.count == shape.count else {
      throw failure(at: site, .inconsistent("its begin and size do not fit shape \(shape)"))
    }
    let counts = shape.indices.map { size[$0] == -1 ? shape[$0] - begin[$0] : size[$0] }
    for axis in shape.indices {
      guard begin[axis] >= 0, counts[axis] >= 0, counts[axis] <= shape[axis] - begin[axis] else {
        throw failure(
          at: site, .inconsistent("it takes \(counts) from \(begin) of shape \(shape)"))
      }
    }
    return Cut(
      begin: begin, strides: Array(repeating: 1, count: shape.count), counts: counts, shape: counts)
  }

  private func stridedCut(of shape: [Int], at site: Site) throws(ImportError) -> Cut {
    let options = site.op.options(.stridedSlice)
    let begin = try integers(1, of: site, what: "its begin")
    let end = try integers(2, of: site, what: "its end")
    let strides = try integers(3, of: site, what: "its strides")
    let beginMask = try options?.integer(0, default: Int32(0)) ?? 0
    let endMask = try options?.integer(1, default: Int32(0)) ?? 0
    let shrinkMask = try options?.integer(4, default: Int32(0)) ?? 0
    guard try options?.integer(2, default: Int32(0)) ?? 0 == 0,
      try options?.integer(3, default: Int32(0)) ?? 0 == 0
    else { throw unsupported("it has an ellipsis or new-axis mask", at: site) }
    let endIsCount = try options?.bool(5) ?? false
    let rank = begin.count
    guard rank <= shape.count, end.count == rank, strides.count == rank,
      strides.allSatisfy({ $0 != 0 })
    else {
      throw failure(at: site, .inconsistent("its begin, end and strides do not fit \(shape)"))
    }
    var cut = Cut(begin: [], strides: [], counts: [], shape: [])
    for axis in shape.indices {
      let extent = shape[axis]
      guard axis < rank else {
        cut.append(begin: 0, stride: 1, count: extent, shrinks: false)
        continue
      }
      let bit = Int32(1) << Int32(axis)
      let stride = strides[axis]
      // As in TensorFlow: negative indices count from the end, then all are clamped to the tensor.
      let limits = stride > 0 ? 0...extent : -1...(extent - 1)
      func clamped(_ index: Int) -> Int {
        min(max(index < 0 ? index + extent : index, limits.lowerBound), limits.upperBound)
      }
      if shrinkMask & bit != 0 {
        let index = begin[axis] < 0 ? begin[axis] + extent : begin[axis]
        guard index >= 0, index < extent else {
          throw failure(
            at: site, .inconsistent("it takes index \(begin[axis]) of extent \(extent)"))
        }
        cut.append(begin: index, stride: 1, count: 1, shrinks: true)
        continue
      }
      let first =
        beginMask & bit != 0 ? (stride > 0 ? 0 : extent - 1) : clamped(begin[axis])
      let stop = endIsCount ? begin[axis] + end[axis] : end[axis]
      let last = endMask & bit != 0 ? (stride > 0 ? extent : -1) : clamped(stop)
      let span = stride > 0 ? last - first : first - last
      let count = span <= 0 ? 0 : (span + abs(stride) - 1) / abs(stride)
      cut.append(begin: first, stride: stride, count: count, shrinks: false)
    }
    return cut
  }
}

extension Cut {
  fileprivate mutating func append(begin: Int, stride: Int, count: Int, shrinks: Bool) {
    self.begin.append(begin)
    strides.append(stride)
    counts.append(count)
    if !shrinks { shape.append(count) }
  }
}
