import ArgumentParser
import Store

struct Init: Command {
  static let configuration = CommandConfiguration(
    abstract: "Make a workspace: a folder for devices and for what is known of them.",
    discussion: """
      Lays down Inventory/ (text, to be kept under version control) and .bramble/ (state and
      artifacts, not to be). Running it again in a workspace changes nothing.

        bramble init farm
      """)

  @Argument(help: "The folder; made when it is not there.")
  var directory = "."

  func run(on terminal: Terminal) async throws -> ExitStatus {
    let workspace = try Workspace.create(at: directory)
    _ = try Store(path: workspace.database)
    terminal.note("\(workspace.root) is a workspace; next: bramble device add NAME USER@HOST")
    return .success
  }
}
