import ArgumentParser

struct Predict: Command {
  static let configuration = CommandConfiguration(
    abstract: "Run a variant here, with the devices' own runtime.",
    discussion: """
      DATA holds x [windows, ...]; where it also holds y, the share of right answers is told.

        bramble predict motion@dynamic-int8 --input test.npz --limit 20
      """)

  @Argument(help: "The variant: model@recipe or a digest's first digits.")
  var variant: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Windows to predict, .npz.", valueName: "data"))
  var input: String

  @Option(name: .shortAndLong, help: "Stop after this many windows.")
  var limit: Int?

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit takes 1 or more, not \(limit).") }
  }

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
