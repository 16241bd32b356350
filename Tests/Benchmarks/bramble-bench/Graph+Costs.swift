import Foundation
import ModelFormat

/// What a layer cannot do without: the benchmark sets it against what the machine can do.
private struct Cost: Encodable {
  var type: String
  var macs: UInt64
  /// Of the weights, as the model stores them.
  var bytes: Int
  /// How often they are read in one inference, since each time depends on the last.
  var passes = 1
}

extension Graph {
  /// A JSON list of the layers that multiply.
  var costs: String {
    var costs: [Cost] = []
    for node in nodes where macs(of: node) > 0 { costs += self.costs(of: node) }
    let bytes = (try? JSONEncoder().encode(costs)) ?? Data("[]".utf8)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func costs(of node: Node) -> [Cost] {
    guard ["lstm", "gru"].contains(node.operation.name) else {
      let weights = node.inputs.dropFirst().compactMap { $0 }.filter { self[$0].isConstant }
      guard let operand = weights.first ?? node.inputs.first ?? nil else { return [] }
      return [
        Cost(
          type: type(of: operand), macs: macs(of: node),
          bytes: weights.reduce(0) { $0 + (self[$1].data?.count ?? 0) })
      ]
    }
    return recurrentCosts(of: node)
  }

  /// The input's products of all steps at once (of one where the same vector comes at every step), then
  /// the recurrent ones step by step.
  private func recurrentCosts(of node: Node) -> [Cost] {
    guard let x = node.inputs[0], let w = node.inputs[1], let r = node.inputs[2] else { return [] }
    let (batch, steps) = (self[x].shape[0], self[x].shape[1])
    let rows = batch * (isRepeated(x) ? 1 : steps)
    func product(_ weights: TensorID, rows: Int, passes: Int) -> Cost {
      Cost(
        type: type(of: weights), macs: UInt64(rows * (self[weights].shape.elementCount ?? 0)),
        bytes: self[weights].data?.count ?? 0, passes: passes)
    }
    return [product(w, rows: rows, passes: 1), product(r, rows: batch * steps, passes: steps)]
  }

  private func type(of id: TensorID) -> String { self[id].type == .int8 ? "int8" : "float32" }

  /// Whether a tensor holds one vector at every step, reshaped or not.
  private func isRepeated(_ id: TensorID) -> Bool {
    guard let node = nodes.first(where: { $0.outputs.contains(id) }) else { return false }
    switch node.operation {
    case .tile: return true
    case .reshape: return node.inputs.first.map { $0.map(isRepeated) } == true
    default: return false
    }
  }
}
