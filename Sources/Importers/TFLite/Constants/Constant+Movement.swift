/// Rearrangements of a constant's elements, whatever their type.
extension Constant {
  /// Row-major strides of `shape`, in elements.
  private static func steps(of shape: [Int]) -> [Int] {
    var steps = Array(repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      steps[axis] = steps[axis + 1] * shape[axis + 1]
    }
    return steps
  }

  /// The elements `first + Σ index · steps`, for every index below `counts`; all must exist.
  private func gathered(counts: [Int], first: Int, steps: [Int]) -> Constant {
    var result = self
    result.shape = counts
    if let quantization, quantization.scales.count > 1 { result.quantization = nil }
    let total = counts.reduce(1, *)
    let size = elementSize
    result.bytes = []
    result.bytes.reserveCapacity(total * size)
    var index = Array(repeating: 0, count: counts.count)
    var place = first
    for _ in 0..<total {
      result.bytes.append(contentsOf: bytes[(place * size)..<(place * size + size)])
      for axis in counts.indices.reversed() {
        index[axis] += 1
        place += steps[axis]
        if index[axis] < counts[axis] { break }
        place -= steps[axis] * counts[axis]
        index[axis] = 0
      }
    }
    return result
  }

  func reshaped(to shape: [Int]) -> Constant {
    var result = self
    result.shape = shape
    if let quantization, quantization.scales.count > 1 { result.quantization = nil }
    return result
  }

  /// `permutation` must be one of the axes.
  func transposed(_ permutation: [Int]) -> Constant {
    let steps = Self.steps(of: shape)
    var result = gathered(
      counts: permutation.map { shape[$0] }, first: 0, steps: permutation.map { steps[$0] })
    if var quantization, quantization.scales.count > 1 {
      quantization.axis = permutation.firstIndex(of: quantization.axis) ?? 0
      result.quantization = quantization
    }
    return result
  }

  /// `counts[i]` elements of axis `i`, from `begin[i]` on, `strides[i]` apart; all must exist.
  func sliced(begin: [Int], strides: [Int], counts: [Int]) -> Constant {
    let steps = Self.steps(of: shape)
    let first = zip(begin, steps).reduce(0) { $0 + $1.0 * $1.1 }
    return gathered(counts: counts, first: first, steps: zip(steps, strides).map { $0 * $1 })
  }

  /// The parts, alike except along `axis`, one behind the other.
  static func concatenated(_ parts: [Constant], axis: Int) -> Constant {
    var result = parts[0]
    result.quantization = nil
    result.shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    result.bytes = []
    let outer = result.shape[..<axis].reduce(1, *)
    for row in 0..<outer {
      for part in parts {
        let length = part.bytes.count / max(outer, 1)
        result.bytes.append(contentsOf: part.bytes[(row * length)..<((row + 1) * length)])
      }
    }
    return result
  }

}
