import ArgumentParser

struct ModelList: Command {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the models and how many variants each has.",
    discussion: """
        bramble model list -o json
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
