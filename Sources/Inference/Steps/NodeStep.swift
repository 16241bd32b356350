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
}
