import Foundation

/// Naive loops in double precision, written from the definitions and sharing nothing with the kernels.
enum Reference {
  static func dense(x: [Float], w: [Float], bias: [Float], n: Int, k: Int) -> [Float] {
    (0..<x.count / k).flatMap { row in
      (0..<n).map { channel in
        var sum = Double(bias[channel])
        for i in 0..<k { sum += Double(x[row * k + i]) * Double(w[channel * k + i]) }
        return Float(sum)
      }
    }
  }

  /// The effect of quantizing `values` symmetrically in groups of `count`.
  static func rounded(_ values: [Float], groupsOf count: Int) -> [Float] {
    var result: [Float] = []
    for start in stride(from: 0, to: values.count, by: count) {
      let group = values[start..<start + count]
      let range = group.map(abs).max() ?? 0
      for value in group {
        result.append(range == 0 ? 0 : (value * (127 / range)).rounded() * (range / 127))
      }
    }
    return result
  }

  struct Image {
    var height: Int
    var width: Int
    var channels: Int
    var values: [Float]

    func at(_ y: Int, _ x: Int, _ c: Int) -> Double? {
      guard (0..<height).contains(y), (0..<width).contains(x) else { return nil }
      return Double(values[(y * width + x) * channels + c])
    }
  }

  struct Filter {
    var kernel: (height: Int, width: Int)
    var stride: (height: Int, width: Int) = (1, 1)
    var dilation: (height: Int, width: Int) = (1, 1)
    var top = 0
    var left = 0
    var output: (height: Int, width: Int)
    var channels: Int
  }

  /// Weights [out, kh, kw, in].
  static func convolution(_ x: Image, _ w: [Float], _ bias: [Float], _ f: Filter) -> [Float] {
    var result: [Float] = []
    for oy in 0..<f.output.height {
      for ox in 0..<f.output.width {
        for o in 0..<f.channels {
          var sum = Double(bias[o])
          for ky in 0..<f.kernel.height {
            for kx in 0..<f.kernel.width {
              let y = oy * f.stride.height + ky * f.dilation.height - f.top
              let column = ox * f.stride.width + kx * f.dilation.width - f.left
              for c in 0..<x.channels {
                guard let value = x.at(y, column, c) else { continue }
                let tap = ((o * f.kernel.height + ky) * f.kernel.width + kx) * x.channels + c
                sum += value * Double(w[tap])
              }
            }
          }
          result.append(Float(sum))
        }
      }
    }
    return result
  }

  /// Every input pixel spread over the output; weights [out, kh, kw, in].
  static func transposedConvolution(
    _ x: Image, _ w: [Float], _ bias: [Float], _ f: Filter
  ) -> [Float] {
    var sums = (0..<f.output.height * f.output.width).flatMap { _ in bias.map(Double.init) }
    for iy in 0..<x.height {
      for ix in 0..<x.width {
        for ky in 0..<f.kernel.height {
          for kx in 0..<f.kernel.width {
            let oy = iy * f.stride.height + ky - f.top
            let ox = ix * f.stride.width + kx - f.left
            guard (0..<f.output.height).contains(oy), (0..<f.output.width).contains(ox) else {
              continue
            }
            for o in 0..<f.channels {
              for c in 0..<x.channels {
                let tap = ((o * f.kernel.height + ky) * f.kernel.width + kx) * x.channels + c
                let value = Double(x.values[(iy * x.width + ix) * x.channels + c])
                sums[(oy * f.output.width + ox) * f.channels + o] += value * Double(w[tap])
              }
            }
          }
        }
      }
    }
    return sums.map { Float($0) }
  }

  struct LSTM {
    var w: [Float]
    var r: [Float]
    var b: [Float]
    var inputs: Int
    var units: Int
    var h: [Double]
    var c: [Double]

    init(w: [Float], r: [Float], b: [Float], inputs: Int, units: Int) {
      (self.w, self.r, self.b, self.inputs, self.units) = (w, r, b, inputs, units)
      h = [Double](repeating: 0, count: units)
      c = h
    }

    mutating func step(_ x: ArraySlice<Float>) -> [Float] {
      let x = Array(x)
      let gates = (0..<4 * units).map { gate -> Double in
        var sum = Double(b[gate])
        for i in 0..<inputs { sum += Double(w[gate * inputs + i]) * Double(x[i]) }
        for i in 0..<units { sum += Double(r[gate * units + i]) * h[i] }
        return sum
      }
      func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      for u in 0..<units {
        let (i, f) = (sigmoid(gates[u]), sigmoid(gates[units + u]))
        let (g, o) = (tanh(gates[2 * units + u]), sigmoid(gates[3 * units + u]))
        c[u] = f * c[u] + i * g
        h[u] = o * tanh(c[u])
      }
      return h.map { Float($0) }
    }
  }
}
