import ArgumentParser

/// How many devices are spoken to at once.
struct FleetOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "Devices that are worked on at the same time.")
  var forks = 32

  func validate() throws {
    guard (1...1024).contains(forks) else {
      throw ValidationError("--forks takes 1 to 1024, not \(forks).")
    }
  }
}
