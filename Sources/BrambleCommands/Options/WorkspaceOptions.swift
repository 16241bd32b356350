import ArgumentParser

/// Which workspace a command works in.
struct WorkspaceOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The workspace's folder; without it, the nearest one upwards from here.", valueName: "dir"))
  var workspace: String?
}
