internal import CKernels

/// Axes with strides into two operands, neighbours merged where both allow it, as the kernels take them.
struct Walk {
  struct Axis: Equatable {
    var extent: Int
    var first: Int
    var second: Int
  }

  /// Outermost first; at least one.
  private(set) var axes: [Axis]

  init(_ axes: [Axis]) {
    var merged: [Axis] = []
    for axis in axes where axis.extent != 1 {
      if let last = merged.last, last.first == axis.first * axis.extent,
        last.second == axis.second * axis.extent
      {
        merged[merged.count - 1] = Axis(
          extent: last.extent * axis.extent, first: axis.first, second: axis.second)
      } else {
        merged.append(axis)
      }
    }
    self.axes = merged.isEmpty ? [Axis(extent: 1, first: 1, second: 1)] : merged
  }

  /// Whether the kernels take that many axes.
  var fits: Bool { axes.count <= Int(BK_MAX_RANK) }

  /// For kernels that read both operands by these strides.
  var broadcast: bk_broadcast {
    var walk = bk_broadcast()
    walk.rank = axes.count
    for (index, axis) in axes.enumerated() {
      bk_broadcast_set(&walk, index, axis.extent, axis.first, axis.second)
    }
    return walk
  }

  /// For a copy from the first operand to the second.
  func copy(elementSize: Int) -> bk_copy {
    var walk = bk_copy()
    walk.rank = axes.count
    walk.element_size = elementSize
    for (index, axis) in axes.enumerated() {
      bk_copy_set(&walk, index, axis.extent, axis.first, axis.second)
    }
    return walk
  }

  /// Row-major strides of a dense array.
  static func strides(_ extents: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    return strides
  }
}
