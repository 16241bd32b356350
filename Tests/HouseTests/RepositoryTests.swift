import Foundation
import Testing

struct RepositoryTests {
  @Test func trackedFilesNameNoPathOfOneMachine() throws {
    #expect(Repository.texts.count > 100)
    // Written in pieces, as this file is tracked too.
    let places = ["/" + "work/", "/" + "opt/swift", "/" + "farm/", "/" + "home/ubuntu"]
    for file in Repository.texts {
      let text = try Repository.text(file)
      for place in places {
        #expect(!text.contains(place), "\(file) names \(place), which is a path of one machine")
      }
    }
  }

  @Test func noBuiltFileIsTracked() {
    for file in Repository.files {
      let isBuilt =
        file.hasPrefix(".build") || file.hasPrefix("Agents/build/") || file.hasSuffix(".o")
        || file.contains("__pycache__")
      #expect(!isBuilt, "\(file) is built from other files and should be ignored")
    }
  }

  @Test func theLicenceIsApache2() throws {
    let text = try Repository.text("LICENSE")
    #expect(text.contains("Apache License"))
    #expect(text.contains("Version 2.0, January 2004"))
  }

  @Test func shellScriptsParse() throws {
    let scripts = Repository.files.filter { $0.hasSuffix(".sh") } + [".ci/run"]
    #expect(scripts.count > 4)
    for script in scripts {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-n", Repository.root.appendingPathComponent(script).path]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(script) is no shell script that bash can read")
    }
  }

  @Test func theDemonstrationsModelsAreSmallEnoughToShip() throws {
    for name in ["motion-lstm", "motion-oversized"] {
      let data = try Data(
        contentsOf: Repository.root.appendingPathComponent("Demo/models/\(name).tflite"))
      #expect(data[4..<8].elementsEqual("TFL3".utf8), "\(name) is no .tflite file")
      #expect(data.count < 3_500_000)
    }
  }
}
