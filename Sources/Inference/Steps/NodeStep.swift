internal import CKernels

/// One operator family: what its nodes need, and how they run once everything lies somewhere.
///
/// `requirements` checks every shape and type that `run` relies on, so that a step that was made
/// cannot read or write outside its operands.
protocol NodeStep {
  static func requirements(of view: NodeView) throws(InferenceError) -> Requirements
  /// `view` has passed `requirements`.
  init(_ view: NodeView, _ binding: Binding) throws(InferenceError)
  func run(_ execution: Execution) throws(InferenceError)
  /// A step that threads can divide among them, by rows or heads; `nil` where it runs as a whole.
  var jointWork: JointWork? { get }
  /// What one thread of several does, where ``jointWork`` is not `nil`.
  func run(_ execution: Execution, _ share: RowShare)
}

extension NodeStep {
  var jointWork: JointWork? { nil }

  func run(_ execution: Execution, _ share: RowShare) {
    preconditionFailure("a step that runs as a whole")
  }
}
