import Foundation
import ModelFormat
import Testing

@testable import Inference

@Suite struct GRUTests {
  /// A layer of 19 units over 6 inputs, and what the definition gives, in double precision.
  struct Layer {
    var graph = Graph(name: "gru")
    var x: [Float]
    private var w: [Float]
    private var r: [Float]
    private let b: [Float]
    private let rb: [Float]
    private let gru: GRU
    private let steps = 7
    private let inputs = 6
    private let units = 19

    init(_ gru: GRU, bytes: Bool = false) {
      self.gru = gru
      var numbers = Numbers(state: 21)
      x = numbers.floats(steps * inputs)
      let rows = 3 * units
      let (w8, r8) = (numbers.bytes(rows * inputs), numbers.bytes(rows * units))
      let scales = (0..<rows).map { 0.002 + Float($0) * 0.0001 }
      let (inputs, units) = (inputs, units)
      w = w8.indices.map { Float(w8[$0]) * scales[$0 / inputs] }
      r = r8.indices.map { Float(r8[$0]) * scales[$0 / units] }
      b = numbers.floats(rows)
      rb = gru.resetsAfter ? numbers.floats(rows) : [Float](repeating: 0, count: rows)
      let input = graph.value([1, steps, inputs])
      let shapes = ([rows, inputs], [rows, units])
      var operands: [TensorID?] = [input]
      if bytes {
        operands += [
          graph.weights(shapes.0, w8, scales: scales), graph.weights(shapes.1, r8, scales: scales),
        ]
      } else {
        operands += [graph.constant(shapes.0, w), graph.constant(shapes.1, r)]
      }
      operands.append(graph.constant([rows], b))
      if gru.resetsAfter { operands.append(graph.constant([rows], rb)) }
      let output = graph.node(.gru(gru), operands, [1, steps, units])
      (graph.inputs, graph.outputs) = ([input], [output])
    }

    /// Rounds the weights to four bits, under one scale for all.
    mutating func takeBlocks() {
      func blocks(_ id: TensorID?, _ values: [Float], run: Int) -> [Float] {
        var data: [UInt8] = []
        for start in stride(from: 0, to: values.count, by: run) {
          let levels = values[start..<start + run].map { Int8(($0 * 5).rounded()) }
          Int4Blocks.append(levels, scale: 0.2, to: &data)
        }
        if let id { (graph[id].type, graph[id].data) = (.int4, data) }
        return Int4Blocks.floats(data, run: run) ?? []
      }
      w = blocks(graph.nodes[0].inputs[1], w, run: inputs)
      r = blocks(graph.nodes[0].inputs[2], r, run: units)
    }

    /// Every step's state, from `h`, which becomes the last one.
    func expected(_ h: inout [Double]) -> [Float] {
      var result = [[Float]](repeating: [], count: steps)
      for step in 0..<steps {
        let time = gru.reversed ? steps - 1 - step : step
        h = next(Array(x[time * inputs..<(time + 1) * inputs]), h)
        result[time] = h.map { Float($0) }
      }
      return result.flatMap { $0 }
    }

    func expected() -> [Float] {
      var h = [Double](repeating: 0, count: units)
      return expected(&h)
    }

    private func next(_ x: [Float], _ h: [Double]) -> [Double] {
      func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
      func input(_ row: Int) -> Double {
        (0..<inputs).reduce(Double(b[row])) { $0 + Double(w[row * inputs + $1]) * Double(x[$1]) }
      }
      func recurrent(_ row: Int, _ h: [Double]) -> Double {
        (0..<units).reduce(Double(rb[row])) { $0 + Double(r[row * units + $1]) * h[$1] }
      }
      let z = (0..<units).map { sigmoid(input($0) + recurrent($0, h)) }
      let reset = (0..<units).map { sigmoid(input(units + $0) + recurrent(units + $0, h)) }
      let passed = zip(reset, h).map { $0 * $1 }
      return (0..<units).map { unit in
        let row = 2 * units + unit
        let candidate =
          input(row)
          + (gru.resetsAfter ? reset[unit] * recurrent(row, h) : recurrent(row, passed))
        return z[unit] * h[unit] + (1 - z[unit]) * tanh(candidate)
      }
    }
  }

  static let kinds = [
    GRU(), GRU(resetsAfter: false), GRU(reversed: true), GRU(reversed: true, resetsAfter: false),
  ]

  @Test(arguments: kinds) func int4WeightsGiveTheSameBitsInEveryLayout(_ gru: GRU) throws {
    var layer = Layer(gru)
    layer.takeBlocks()
    let results = try DeviceClass.allCases.map { try run(layer.graph, layer.x, for: $0) }
    #expect(difference(results[0], layer.expected()) < 0.03)
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test(arguments: kinds, DeviceClass.allCases)
  func everyStepOfTheSequence(gru: GRU, deviceClass: DeviceClass) throws {
    let layer = Layer(gru)
    let image = try LoadedImage(layer.graph, for: deviceClass)
    let first = try image.run(layer.x)
    #expect(difference(first, layer.expected()) < 3e-6)
    #expect(try image.run(layer.x) == first, "a run starts from zero")
  }

  @Test(arguments: kinds) func int8WeightsGiveTheSameBitsInEveryLayout(gru: GRU) throws {
    let layer = Layer(gru, bytes: true)
    let results = try DeviceClass.allCases.map { try run(layer.graph, layer.x, for: $0) }
    #expect(difference(results[0], layer.expected()) < 0.02)
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test(arguments: [true, false]) func stateIsKeptUntilItIsReset(resetsAfter: Bool) throws {
    let layer = Layer(GRU(keepsState: true, resetsAfter: resetsAfter))
    let image = try LoadedImage(layer.graph)
    var h = [Double](repeating: 0, count: 19)
    var runs: [[Float]] = []
    for _ in 0..<3 {
      let expected = layer.expected(&h)
      runs.append(try image.run(layer.x))
      #expect(difference(runs[runs.count - 1], expected) < 5e-6)
    }
    #expect(runs[0] != runs[1])
    image.interpreter.resetState()
    #expect(try image.run(layer.x) == runs[0])
  }
}
