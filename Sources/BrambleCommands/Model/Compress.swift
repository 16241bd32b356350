import ArgumentParser

struct Compress: Command {
  static let configuration = CommandConfiguration(
    abstract: "Make variants of a model and measure what each costs in accuracy.",
    discussion: """
      Recipes: float32, float16, dynamic-int8; steps are joined by '+'. Every variant is run over
      the evaluation data with the devices' own runtime. A probe set for the devices is drawn from
      the same data, balanced over the classes. The same input gives the same bytes and digests.

      DATA holds x [windows, ...] float32 and y [windows] integer.

        bramble compress motion --recipe float16 --recipe dynamic-int8 --evaluate test.npz
      """)

  @Argument(help: "The model's name.")
  var model: String

  @Option(name: .shortAndLong, help: "A recipe; may be given several times.")
  var recipe: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Labelled windows to evaluate on, .npz.", valueName: "data"))
  var evaluate: String

  @Option(help: "Windows in the probe set that travels with each variant.")
  var probeWindows = 48

  @Option(help: ArgumentHelp("The time that a prediction may take on a device.", valueName: "time"))
  var budget = Span(microseconds: 1_000_000)

  @OptionGroup var output: OutputOptions
  @OptionGroup var workspace: WorkspaceOptions

  func validate() throws {
    guard (1...4096).contains(probeWindows) else {
      throw ValidationError("--probe-windows takes 1 to 4096, not \(probeWindows).")
    }
    if recipe.isEmpty { throw ValidationError("Name at least one --recipe.") }
  }

  func run(on terminal: Terminal) async throws -> ExitStatus {
    throw Failure("unbound")
  }
}
