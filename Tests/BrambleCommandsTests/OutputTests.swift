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

  @Test func quantitiesAreReadable() {
    #expect(Quantity.grouped(-1_000) == "-1,000")
    #expect(Quantity.grouped(999) == "999")
    #expect(Quantity.bytes(3_187_900) == "3.19 MB")
    #expect(Quantity.bytes(999) == "999 B")
    #expect(Quantity.microseconds(812) == "812 us")
    #expect(Quantity.microseconds(12_440) == "12.4 ms")
    #expect(Quantity.microseconds(1_204_000) == "1.20 s")
    #expect(Quantity.percent(0.9916) == "99.2 %")
    #expect(Quantity.points(-0.0042) == "-0.42")
    #expect(Quantity.points(0.001) == "+0.10")
    #expect(Quantity.decimal(-0.001, places: 2) == "0.00")
    #expect(Quantity.decimal(1.995, places: 1) == "2.0")
    #expect(Quantity.decimal(.nan, places: 1) == "-")
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
