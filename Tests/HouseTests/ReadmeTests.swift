import Foundation
import Testing

/// What the README tells people to type must be there to be typed.
struct ReadmeTests {
  /// The indented and fenced lines of `file`, prompts taken off.
  private func commands(in file: String) throws -> [String] {
    var isFenced = false
    return try Repository.text(file).split(separator: "\n").compactMap { line in
      if line.hasPrefix("```") {
        isFenced.toggle()
        return nil
      }
      guard isFenced || line.hasPrefix("    ") else { return nil }
      let text = line.drop(while: \.isWhitespace)
      return String(text.hasPrefix("$ ") ? text.dropFirst(2) : text)
    }
  }

  @Test(arguments: ["README.md", "CONTRIBUTING.md"])
  func makeTargetsExist(_ file: String) throws {
    let makefile = try Repository.text("Makefile")
    for command in try commands(in: file) where command.hasPrefix("make ") {
      let target = command.split(separator: " ")[1]
      #expect(makefile.contains("\n\(target):"), "\(file): make \(target)")
    }
  }

  /// The help of each command is kept in `BrambleCommandsTests/Help`, where a test holds it to the program.
  @Test func commandsAndTheirOptionsExist() throws {
    let lines = try commands(in: "README.md").filter { $0.hasPrefix("bramble ") }
    #expect(lines.count >= 8)
    for line in lines {
      let command = line.split(separator: "#")[0].split(separator: " ").map(String.init)
      let names = command.dropFirst().prefix { $0.allSatisfy { $0.isLowercase && $0.isLetter } }
      // What follows a command's own name may be its argument: the longest name with a help text counts.
      let help = (0...min(2, names.count)).reversed().lazy
        .map { "bramble" + names.prefix($0).map { "-" + $0 }.joined() }
        .compactMap { try? Repository.text("Tests/BrambleCommandsTests/Help/\($0).txt") }.first
      let text = try #require(help, "README: \(line)")
      for option in command where option.hasPrefix("--") {
        #expect(
          text.contains(option), "README: \(line) has \(option), which its help does not know")
      }
    }
  }

  @Test func linkedFilesExist() throws {
    for file in ["README.md", "CONTRIBUTING.md"] {
      for link in try Repository.text(file).matches(of: /\]\(([^):#]+)\)/) {
        let path = Repository.root.appendingPathComponent(String(link.output.1)).path
        #expect(FileManager.default.fileExists(atPath: path), "\(file) links to \(link.output.1)")
      }
    }
  }

  @Test func continuousIntegrationRunsWhatTheReadmeSays() throws {
    #expect(try commands(in: "README.md").contains { $0.hasPrefix("make test") })
    #expect(try Repository.text(".ci/run").contains("make test"))
  }
}
