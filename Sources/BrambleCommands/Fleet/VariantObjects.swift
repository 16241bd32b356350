import Encoding
import ModelFormat
import SSH
import Store

/// What a device must hold of a variant before it can be staged there.
struct VariantObjects: Sendable {
  var objects: Objects

  /// The manifest, the probe set, and whichever is cheaper to send: the image of the device's class,
  /// or the package that the agent makes the image from.
  func needed(of variant: Digest, deviceClass: String) throws -> [UploadObject] {
    let manifest = try Manifest(decoding: objects.read(variant))
    guard let image = manifest.image(for: deviceClass) else { throw noImage(deviceClass) }
    // Making the image costs the device memory and time; the package must save a good deal of sending.
    let model =
      manifest.package.size * 4 < image.size * 3 ? manifest.package : image.object
    return try upload([variant] + [manifest.probe?.digest, model.digest].compactMap { $0 })
  }

  /// What it must hold to run the variant without staging it: the manifest and the image of its class.
  func runnable(_ variant: Digest, deviceClass: String) throws -> [UploadObject] {
    let manifest = try Manifest(decoding: objects.read(variant))
    guard let image = manifest.image(for: deviceClass) else { throw noImage(deviceClass) }
    return try upload([variant, image.digest])
  }

  private func noImage(_ deviceClass: String) -> Failure {
    Failure("the variant has no image for devices of class \(deviceClass): compress it again")
  }

  private func upload(_ wanted: [Digest]) throws -> [UploadObject] {
    try wanted.map { UploadObject(digest: $0, bytes: try objects.read($0)) }
  }
}
