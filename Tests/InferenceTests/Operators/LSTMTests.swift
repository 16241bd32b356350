import ModelFormat
import Testing

@testable import Inference

@Suite struct LSTMTests {
  struct Layer {
    var graph = Graph(name: "lstm")
    var reference: Reference.LSTM
    var x: [Float]
    let inputs = 6
    let steps = 7

    /// With `bytes`, weights are int8 and the reference gets their exact real values.
    init(bytes: Bool = false, lstm: LSTM = LSTM()) {
      var numbers = Numbers(state: 8)
      x = numbers.floats(7 * 6)
      let (w8, r8) = (numbers.bytes(76 * 6), numbers.bytes(76 * 19))
      let scales = (0..<76).map { 0.002 + Float($0) * 0.0001 }
      let w = w8.indices.map { Float(w8[$0]) * scales[$0 / 6] }
      let r = r8.indices.map { Float(r8[$0]) * scales[$0 / 19] }
      let b = numbers.floats(76)
      reference = Reference.LSTM(w: w, r: r, b: b, inputs: 6, units: 19)
      let input = graph.value([1, 7, 6])
      let wID =
        bytes ? graph.weights([76, 6], w8, scales: scales) : graph.constant([76, 6], w)
      let rID =
        bytes ? graph.weights([76, 19], r8, scales: scales) : graph.constant([76, 19], r)
      let output = graph.node(
        .lstm(lstm), [input, wID, rID, graph.constant([76], b)], [1, 7, 19])
      (graph.inputs, graph.outputs) = ([input], [output])
    }

    func expected() -> [Float] {
      var reference = reference
      return (0..<steps).flatMap { reference.step(x[($0 * inputs)..<(($0 + 1) * inputs)]) }
    }
  }

  @Test(arguments: DeviceClass.allCases) func everyStepOfTheSequence(deviceClass: DeviceClass)
    throws
  {
    let layer = Layer()
    let image = try LoadedImage(layer.graph, for: deviceClass)
    let first = try image.run(layer.x)
    #expect(difference(first, layer.expected()) < 2e-6)
    #expect(try image.run(layer.x) == first, "a run starts from zero")
  }

  @Test func int8WeightsGiveTheSameBitsInEveryLayout() throws {
    let layer = Layer(bytes: true)
    let results = try DeviceClass.allCases.map { try run(layer.graph, layer.x, for: $0) }
    #expect(difference(results[0], layer.expected()) < 0.02)
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func int4WeightsGiveTheSameBitsInEveryLayout() throws {
    var layer = Layer()
    for id in layer.graph.nodes[0].inputs[1...2] {
      guard let id, let run = layer.graph[id].shape.dimensions.last else { continue }
      // Nearest values under one scale for all.
      let floats = layer.graph[id].data!.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      var data: [UInt8] = []
      for start in stride(from: 0, to: floats.count, by: run) {
        let levels = floats[start..<start + run].map { Int8(($0 * 5).rounded()) }
        Int4Blocks.append(levels, scale: 0.2, to: &data)
      }
      layer.graph[id].type = .int4
      layer.graph[id].data = data
      let wide = try #require(Int4Blocks.floats(data, run: run))
      if run == layer.inputs { layer.reference.w = wide } else { layer.reference.r = wide }
    }
    let results = try DeviceClass.allCases.map { try run(layer.graph, layer.x, for: $0) }
    #expect(difference(results[0], layer.expected()) < 0.02)
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func stateIsKeptUntilItIsReset() throws {
    let layer = Layer(lstm: LSTM(keepsState: true))
    let image = try LoadedImage(layer.graph)
    var reference = layer.reference
    var runs: [[Float]] = []
    for _ in 0..<3 {
      let expected = (0..<7).flatMap { reference.step(layer.x[($0 * 6)..<(($0 + 1) * 6)]) }
      runs.append(try image.run(layer.x))
      #expect(difference(runs[runs.count - 1], expected) < 5e-6)
    }
    #expect(runs[0] != runs[1])
    image.interpreter.resetState()
    #expect(try image.run(layer.x) == runs[0])
  }

  @Test func reversedReadsFromTheEnd() throws {
    // int8: float kernels may add up the rows of a tile and those after the last tile in another order.
    let forward = Layer(bytes: true)
    let backward = Layer(bytes: true, lstm: LSTM(reversed: true))
    let turned = (0..<7).reversed().flatMap { forward.x[($0 * 6)..<(($0 + 1) * 6)] }
    let a = try run(backward.graph, forward.x)
    let b = try run(forward.graph, turned)
    let turnedBack = (0..<7).reversed().flatMap { b[($0 * 19)..<(($0 + 1) * 19)] }
    // A row's place among the rows of a product decides how its float sums are rounded.
    #expect(a.count == turnedBack.count)
    for (value, other) in zip(a, turnedBack) { #expect(abs(value - other) < 1e-6) }
  }

  @Test(arguments: [false, true], [false, true]) func aRepeatedVectorIsReadOnce(
    tileIsAlsoAnOutput: Bool, turnsTimeFirst: Bool
  ) throws {
    let layer = Layer()
    var graph = layer.graph
    // The same layer behind a reshape and a tile of its input's first step.
    let vector = graph.value([1, 6])
    let step = graph.node(.reshape, [vector], [1, 1, 6])
    let tiled = graph.node(.tile(multiples: [1, 7, 1]), [step], [1, 7, 6])
    var lstm = graph.nodes.removeFirst()
    lstm.inputs[0] = tiled
    if turnsTimeFirst {
      // As loops have it: there and back again.
      let timeFirst = graph.node(.reshape, [tiled], [7, 1, 6])
      lstm.inputs[0] = graph.node(.reshape, [timeFirst], [1, 7, 6])
    }
    graph.nodes.append(lstm)
    graph.inputs = [vector]
    if tileIsAlsoAnOutput { graph.outputs.append(tiled) }
    let x = Array(layer.x[..<6])
    var reference = layer.reference
    var expected = (0..<7).flatMap { _ in reference.step(x[...]) }
    if tileIsAlsoAnOutput { for _ in 0..<7 { expected += x } }
    #expect(difference(try run(graph, x), expected) < 2e-6)
    #expect(graph.repeatedInput(ofNode: turnsTimeFirst ? 4 : 2) == step)
    #expect(graph.isSkipped(node: 1) == !tileIsAlsoAnOutput)
  }
}
