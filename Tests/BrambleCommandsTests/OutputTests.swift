import Foundation
import Testing

@testable import BrambleCommands

@Suite struct OutputTests {
  private struct Row {
    var name: String
    var size: Int?
    var tags: [String]
  }
  private let listing = Listing<Row>()
    .text("name", "NAME") { $0.name }
    .count("bytes", "BYTES") { $0.size }
    .list("tags", "TAGS") { $0.tags }
    .text("hidden", nil) { _ in nil }
  private let rows = [
    Row(name: "a", size: 1_234_567, tags: ["x", "y"]), Row(name: "longer", size: nil, tags: []),
  ]

  @Test func tablesAreAligned() {
    #expect(
      listing.table(rows) == """
        NAME        BYTES  TAGS
        a       1,234,567  x,y
        longer          -  -
        """)
  }

  @Test func jsonHasEveryKeyInOrder() throws {
    let text = listing.json(rows).text
    #expect(
      text == """
        [
          {
            "name": "a",
            "bytes": 1234567,
            "tags": [
              "x",
              "y"
            ],
            "hidden": null
          },
          {
            "name": "longer",
            "bytes": null,
            "tags": [],
            "hidden": null
          }
        ]
        """)
    #expect(JSON.object([:]).text == "{}")
  }

  @Test func jsonStringsSurviveAnotherParser() throws {
    let nasty = "\"\\\n\r\t\u{1}\u{7F}é🍓</script>"
    let parsed = try JSONSerialization.jsonObject(
      with: Data(JSON.strings([nasty]).text.utf8))
    #expect(parsed as? [String] == [nasty])
    #expect(JSON.array([.number(.nan), .number(0.25)]).text.contains("null"))
  }

  @Test func countsAreGrouped() {
    #expect(Quantity.grouped(-1_000) == "-1,000")
    #expect(Quantity.grouped(999) == "999")
    #expect(Quantity.grouped(1_234_567) == "1,234,567")
    #expect(Quantity.grouped(.min) == "-9,223,372,036,854,775,808")
  }

  @Test func plainProgressIsNotAFlood() async {
    let transcript = await withProgress { progress in
      for step in 0..<1000 { progress.update("step \(step)") }
      progress.note("done")
    }
    #expect(transcript.contains("step 0") && transcript.hasSuffix("done\n"))
    #expect(transcript.split(separator: "\n").count < 10)
  }
}
