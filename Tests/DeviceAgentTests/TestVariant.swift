import AgentProtocol
import Encoding
import Inference
import ModelFormat

/// A small model whose class is the position of the greatest of its four inputs, in everything that a controller would send.
struct TestVariant {
  let package: [UInt8]
  let image: [UInt8]
  let probe: [UInt8]
  let manifest: Manifest

  /// - Parameters:
  ///   - gain: makes variants differ.
  ///   - wrongLabels: how many of the probe set's twelve labels are false.
  init(gain: Float = 1, wrongLabels: Int = 0) throws {
    var graph = Graph(name: "argmax")
    let x = graph.add(Tensor(name: "x", shape: [1, 4], type: .float32))
    var weights: [UInt8] = []
    for row in 0..<4 {
      for column in 0..<4 {
        let bits = (row == column ? gain : 0).bitPattern
        for shift in [0, 8, 16, 24] as [UInt32] {
          weights.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
      }
    }
    let w = graph.add(Tensor(name: "w", shape: [4, 4], type: .float32, data: weights))
    let y = graph.add(Tensor(name: "y", shape: [1, 4], type: .float32))
    graph.inputs = [x]
    graph.outputs = [y]
    graph.nodes = [
      Node(name: "dense", operation: .dense(activation: .none), inputs: [x, w, nil], outputs: [y])
    ]
    try graph.validate()
    package = Package(graph: graph).encode()
    image = try ImageBuilder.image(of: graph, for: DeviceClass.current)
    var windows: [Float] = []
    var labels: [UInt32] = []
    for index in 0..<12 {
      windows += TestVariant.window(index % 4)
      labels.append(UInt32((index + (index < wrongLabels ? 1 : 0)) % 4))
    }
    probe = ProbeSet(inputShape: [1, 4], windows: windows, labels: labels).encode()
    manifest = Manifest(
      model: "argmax", recipe: "float32", package: ObjectReference(to: package),
      images: [
        ImageReference(
          deviceClass: DeviceClass.current.name, digest: SHA256.digest(of: image),
          size: UInt64(image.count))
      ], probe: ObjectReference(to: probe), labels: ["a", "b", "c", "d"],
      decision: try DecisionRule(parsing: "argmax(output)"))
  }

  var digest: Digest { manifest.digest }

  /// An input of class `label`.
  static func window(_ label: Int) -> [Float] { (0..<4).map { $0 == label ? 2 : 0.5 } }

  /// The same as bytes.
  static func input(_ label: Int) -> [UInt8] {
    window(label).flatMap { value in
      [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32($0)) }
    }
  }
}
