import Reports
import Testing

struct TableTests {
  @Test func columnsLineUpByTheirWidthOnATerminal() {
    let table = TextTable(
      columns: [.init("NAME"), .init("N", .right), .init("NOTE")],
      rows: [
        ["pi-01", "5", "ok"], ["küche", "12", ""], ["厨房", "123", "wide"], ["e\u{301}", "1", "x"],
      ])
    #expect(
      table.text() == """
        NAME     N  NOTE
        pi-01    5  ok
        küche   12
        厨房   123  wide
        e\u{301}        1  x
        """)
  }

  @Test func columnsThatSayNothingAreLeftOut() {
    let table = TextTable(columns: [.init("A"), .init("B")], rows: [["1", ""], ["2", ""]])
    #expect(table.text() == "A\n1\n2")
    #expect(TextTable(columns: [.init("A"), .init("B")]).text() == "A  B")
  }

  @Test func whatADeviceSaysCannotMoveTheCursor() {
    let table = TextTable(columns: [.init("A")], rows: [["x\u{1B}[2J\r\ny\u{9B}1m"]])
    #expect(table.text() == "A\nx[2Jy1m")
  }

  @Test(arguments: [
    ("", 0), ("abc", 3), ("ü", 1), ("u\u{308}", 1), ("漢字", 4), ("🙂", 2), ("👩‍👩‍👧", 2), ("✔︎", 1),
    ("✔️", 2),
    ("\u{200B}", 0),
  ])
  func widths(_ text: String, _ width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test(arguments: [
    (0 as UInt64, "0 B"), (999, "999 B"), (1_000, "1.00 kB"), (3_189_864, "3.19 MB"),
    (999_600, "1.00 MB"), (12_345_678_901, "12.3 GB"),
  ])
  func bytes(_ count: UInt64, _ text: String) {
    #expect(Units.bytes(count) == text)
  }

  @Test(arguments: [
    (420 as UInt64, "0.42 ms"), (12_400, "12.4 ms"), (812_000, "812 ms"), (1_250_400, "1250 ms"),
  ])
  func times(_ microseconds: UInt64, _ text: String) {
    #expect(Units.milliseconds(microseconds) == text)
  }

  @Test func sharesAndDifferences() {
    #expect(Units.percent(0.9735) == "97.4%" || Units.percent(0.9735) == "97.3%")
    #expect(Units.percent(1) == "100.0%")
    #expect(Units.percent(0.9999) == "99.9%", "what is not all is not called all")
    #expect(Units.points(-0.0042) == "-0.42 points")
    #expect(Units.points(-0.00001) == "+0.00 points")
  }
}
