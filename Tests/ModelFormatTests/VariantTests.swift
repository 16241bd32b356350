import Encoding
import ModelFormat
import Testing

@Suite struct VariantTests {
  @Test func manifestRoundTrip() throws {
    let manifest = VariantSamples.manifest
    let decoded = try Manifest(decoding: manifest.encode())
    #expect(decoded == manifest)
    #expect(decoded.digest == SHA256.digest(of: manifest.encode()))
    #expect(decoded.image(for: "armv6")?.size == 300)
    #expect(decoded.image(for: "armv7-neon") == nil)
    let bare = Manifest(model: "m", recipe: "", package: ObjectReference(to: []), decision: .argmax)
    #expect(try Manifest(decoding: bare.encode()) == bare)
  }

  @Test func identityDependsOnContentNotOnOrder() throws {
    var manifest = VariantSamples.manifest
    manifest.images.reverse()
    #expect(manifest.digest == VariantSamples.manifest.digest)
    manifest.labels.reverse()
    #expect(manifest.digest != VariantSamples.manifest.digest)
  }

  @Test func manifestFaultsNameTheirPlace() throws {
    var fields: [CBORField] = []
    if case .map(let all) = try CBOR.decode(VariantSamples.manifest.encode()) { fields = all }
    func refused(_ name: String, _ value: CBOR?, _ path: String) {
      var changed = fields.filter { $0.key != name }
      if let value { changed.append(CBORField(name, value)) }
      let error = #expect(throws: FormatError.self) {
        try Manifest(decoding: CBOR.map(changed).encoded())
      }
      guard case .header(_, let place)? = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(place == path)
    }
    refused("format", .text("bramble manifest 2"), "format")
    refused("decision", .text("argmax( output)"), "decision")
    refused("decision", .text("argmin(output)"), "decision")
    refused("package", .array([.bytes([1]), .unsigned(1)]), "package[0]")
    refused("images", .map([CBORField("x", .null)]), "images.x")
    refused(
      "quality",
      .map([CBORField("windows", .unsigned(1)), CBORField("auc", .unsigned(1_000_001))]),
      "quality.auc")
    refused("model", nil, "")
    refused("colour", .null, "")
  }

  @Test func probeSetRoundTrip() throws {
    let decoded = try ProbeSet(decoding: VariantSamples.probe.encode())
    #expect(decoded == VariantSamples.probe)
    #expect(decoded.count == 5)
    #expect(Array(decoded.window(1)) == Array(VariantSamples.probe.windows[6..<12]))
  }

  @Test func probeSetsHoldAWindow() {
    let none = ProbeSet(inputShape: [2], windows: [], labels: [])
    #expect(throws: FormatError.self) { try ProbeSet(decoding: none.encode()) }
  }

  @Test func probeSetsHoldFiniteNumbers() {
    var probe = VariantSamples.probe
    probe.windows[13] = .nan
    let error = #expect(throws: FormatError.self) { try ProbeSet(decoding: probe.encode()) }
    #expect(error?.reason == .invalid("window 2 holds a number that is not finite"))
  }
}
