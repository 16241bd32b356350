internal import ModelFormat

/// The walk over a subgraph of a file that builds the graph, operator by operator: the main one, or what a loop
/// computes at each trip.
struct Translation {
  let model: TFLiteModel
  let subgraph: TFLiteSubgraph
  var graph: Graph
  /// What each tensor number stands for, once it is known.
  var values: [Value?]
  /// Constants already in the graph as float32 operands, by tensor number.
  var operands: [Int: TensorID] = [:]
  /// Constants already in the graph as weights, by tensor number.
  var weights: [Int: TensorID] = [:]
  private var nodeNames: Set<String> = []

  var file: String { model.buffer.file }

  /// A walk over `subgraph` that knows none of its inputs yet.
  init(of model: TFLiteModel, subgraph: TFLiteSubgraph) {
    self.model = model
    self.subgraph = subgraph
    graph = Graph(name: "")
    values = Array(repeating: nil, count: subgraph.tensors.count)
  }

  init(of model: TFLiteModel) throws(ImportError) {
    self.init(of: model, subgraph: model.subgraphs[0])
    for number in subgraph.inputs {
      let tensor = subgraph.tensors[number]
      let what = "input '\(tensor.name)'"
      let content = try content(of: tensor, what: what)
      let shape = try fixed(tensor, what: what)
      let id = graph.add(content.tensor(tensor.name, shape))
      guard values[number] == nil else {
        throw failure(.inconsistent("\(what) is listed twice"))
      }
      values[number] = .runtime(id, shape)
      graph.inputs.append(id)
    }
  }

  mutating func run() throws(ImportError) {
    try translate(subgraph.operators)
    for number in subgraph.outputs {
      let what = "output '\(subgraph.tensors[number].name)'"
      guard case .runtime(let id, _)? = values[number] else {
        throw failure(.inconsistent("\(what) does not depend on the input"))
      }
      _ = try content(of: subgraph.tensors[number], what: what)
      graph.outputs.append(id)
    }
    guard !graph.outputs.isEmpty else { throw failure(.inconsistent("there is no output")) }
  }

  mutating func translate(_ operators: [TFLiteOperator]) throws(ImportError) {
    for op in operators {
      let site = Site(op, in: subgraph)
      for number in op.outputs where values[number] != nil {
        throw failure(
          at: site, .inconsistent("it writes tensor \(number), which already has a value"))
      }
      if try fold(site) { continue }
      try translate(site)
      for number in op.outputs where values[number] == nil {
        throw failure(at: site, .inconsistent("it has more outputs than its kind gives"))
      }
    }
  }

  /// Appends a node and returns its output, which holds what its input does where the operator only moves elements,
  /// else what the file says of the operator's first output.
  mutating func emit(
    _ operation: Operator, _ inputs: [TensorID?], shape: [Int], at site: Site, suffix: String = ""
  ) throws(ImportError) -> TensorID {
    guard let count = Shape(shape).elementCount, count > 0 else {
      throw failure(at: site, .inconsistent("its output would have shape \(shape)"))
    }
    var name = site.node.name + suffix
    var copy = 2
    while !nodeNames.insert(name).inserted {
      name = "\(site.node.name)\(suffix)#\(copy)"
      copy += 1
    }
    let content =
      if operation.movesElements, let first = inputs.first, let first {
        Content(graph[first])
      } else { try declaredContent(at: site) }
    let output = graph.add(content.tensor(name, shape))
    graph.nodes.append(Node(name: name, operation: operation, inputs: inputs, outputs: [output]))
    return output
  }

  /// Makes `value` what output `position` of the operator stands for, if the file agrees.
  mutating func bind(
    _ value: Value, to position: Int = 0, at site: Site
  ) throws(ImportError) {
    guard site.op.outputs.indices.contains(position) else {
      throw failure(at: site, .inconsistent("output \(position) is missing"))
    }
    let number = site.op.outputs[position]
    let tensor = subgraph.tensors[number]
    if case .runtime(let id, _) = value { try check(id, against: tensor, at: site) }
    let declared = tensor.declaredShape
    let agrees =
      declared.isEmpty
      || (declared.count == value.shape.count
        && zip(declared, value.shape).allSatisfy { $0 == $1 || $0 < 0 })
    guard agrees else {
      throw failure(
        at: site,
        .inconsistent("the file gives its output shape \(declared), its operands \(value.shape)"))
    }
    guard values[number] == nil else {
      throw failure(at: site, .inconsistent("it writes tensor \(number) twice"))
    }
    values[number] = value
  }

  /// ``emit(_:_:shape:at:suffix:)`` and ``bind(_:to:at:)`` in one.
  mutating func finish(
    _ operation: Operator, _ inputs: [TensorID?], shape: [Int], at site: Site
  ) throws(ImportError) {
    let id = try emit(operation, inputs, shape: shape, at: site)
    try bind(.runtime(id, shape), at: site)
  }
}
