import ArgumentParser
import ModelFormat
import Reports
import Store

struct ModelAdd: Command {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Bring in a network from a .tflite file.",
    discussion: """
      The file is read, checked operator by operator and kept in the workspace; it is not needed
      afterwards. An operator that is not supported is refused with its node's number.

      The decision rule turns the output into a class:
        argmax(output)                                   one score for each class
        argmax(mean(output, over: time))                 scores at every time step, averaged
        argmax(last(output, over: time))                 scores at every time step, the last counts
        above(mean_squared_error(output, input), 0.4)    reconstruction error above a threshold

        bramble model add motion.tflite --name motion --labels walking,stairs,rest \\
          --decision "argmax(mean(output, over: time))"
      """)

  @Argument(help: "The .tflite file.")
  var file: String

  @Option(name: .shortAndLong, help: "What the model is called from now on.")
  var name: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The classes in order: a,b,c.", valueName: "names"))
  var labels: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "How the output gives a class; without it, argmax, averaged over time where there is one.",
      valueName: "rule"))
  var decision: String?

  @Flag(help: "Keep the state of recurrent layers from one prediction to the next.")
  var keepState = false

  @Flag(help: "Replace another model of that name.")
  var replace = false

  @OptionGroup var workspace: WorkspaceOptions

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workbench = try Workbench(workspace)
    let record = try ModelImport(
      file: file, name: name, labels: NameList.parse(labels), decision: decision,
      keepsState: keepState, replaces: replace
    ).run(in: workbench)
    terminal.note(
      "\(name): \(Units.bytes(record.packageSize)), decided by \(record.decision); "
        + "next: bramble compress \(name) --recipe dynamic-int8 --evaluate DATA.npz")
    return .success
  }
}
