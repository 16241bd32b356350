import ArgumentParser

struct ModelShow: Command {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a model's graph (operators, shapes, parameters, bytes, MACs) and variants.",
    discussion: """
        bramble model show motion
      """)

  @Argument(help: "The model's name.")
  var name: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
