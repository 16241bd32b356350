import AgentProtocol
import Encoding
import Inference
import ModelFormat

/// A variant whose manifest is on the device, and where its files are.
struct Variant {
  var digest: Digest
  var manifest: Manifest
  /// The image for this device's class.
  var image: ObjectReference

  /// Reads and verifies the manifest.
  init(_ digest: Digest, in store: ObjectStore) throws(Refusal) {
    let bytes: [UInt8]?
    do throws(SystemError) {
      bytes = try Files.content(of: store.path(of: digest), atMost: 1 << 20)
    } catch {
      throw Refusal(.internalFailure, error.description)
    }
    guard let bytes else {
      throw Refusal(.unknownObject, "the manifest \(digest.hex) is not on this device; upload it")
    }
    guard SHA256.digest(of: bytes) == digest else {
      throw Refusal(.damagedObject, "the manifest \(digest.hex) is damaged; upload it again")
    }
    do throws(FormatError) {
      manifest = try Manifest(decoding: bytes)
    } catch {
      throw Refusal(.damagedObject, "the manifest \(digest.short): \(error.description)")
    }
    self.digest = digest
    let name = DeviceClass.current.name
    guard let found = manifest.images.first(where: { $0.deviceClass == name }) else {
      throw Refusal(
        .unknownObject,
        "variant \(digest.short) has no image for devices of class \(name); compress it for them")
    }
    image = ObjectReference(digest: found.digest, size: found.size)
  }

  /// The files that the variant needs to run; its package is not among them.
  var objects: [Digest] {
    var all = [digest, image.digest]
    if let probe = manifest.probe { all.append(probe.digest) }
    return all
  }
}
