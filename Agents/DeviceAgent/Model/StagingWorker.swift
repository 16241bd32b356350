import AgentProtocol
import CPosix
import Encoding
import Inference
import ModelFormat

/// The process that verifies a variant's files and makes its image from the package. A process of its own, as
/// this takes memory, may take seconds, and reads bytes that came from afar.
enum StagingWorker {
  /// How it ended; the daemon alone renames and removes.
  enum Outcome: UInt8 {
    case imageIsThere = 0
    /// It lies beside the objects as an unfinished file, verified and synced.
    case imageWasMade = 1
    case damagedImage = 2
    case damagedPackage = 3
    case damagedProbe = 4
    case failed = 5
    case diskFull = 6
  }

  static func run(_ variant: Variant, in store: ObjectStore) -> (Outcome, String) {
    do throws(SystemError) {
      if let probe = variant.manifest.probe {
        let path = store.path(of: probe.digest)
        if try ObjectStore.digest(ofFile: path) != probe.digest {
          return (.damagedProbe, "the probe set \(probe.digest.short) is damaged")
        }
      }
      if store.contains(variant.image.digest) {
        let path = store.path(of: variant.image.digest)
        if try ObjectStore.digest(ofFile: path) != variant.image.digest {
          return (.damagedImage, "the image \(variant.image.digest.short) is damaged")
        }
        return (.imageIsThere, "")
      }
      return try makeImage(variant, in: store)
    } catch {
      return (error.isFull ? .diskFull : .failed, error.description)
    }
  }

  private static func makeImage(
    _ variant: Variant, in store: ObjectStore
  ) throws(SystemError) -> (Outcome, String) {
    let reference = variant.manifest.package
    let image: [UInt8]
    do {
      let package = try MappedFile(store.path(of: reference.digest))
      guard SHA256.digest(of: package.bytes) == reference.digest else {
        return (.damagedPackage, "the package \(reference.digest.short) is damaged")
      }
      let graph: Graph
      do throws(FormatError) {
        graph = try Package(decoding: package.bytes).graph
      } catch {
        return (.failed, "the package \(reference.digest.short): \(error.description)")
      }
      do throws(InferenceError) {
        image = try ImageBuilder.image(of: graph, for: DeviceClass.current)
      } catch {
        return (.failed, "the image cannot be made here: \(error.description)")
      }
    }
    guard SHA256.digest(of: image) == variant.image.digest else {
      return (
        .failed,
        "the image made here is not the one that the manifest names for class "
          + "\(DeviceClass.current.name): agent and controller are of different versions"
      )
    }
    let file = try File(
      store.partPath(of: variant.image.digest), BP_WRITE | BP_CREATE | BP_TRUNCATE)
    try file.reserve(UInt64(image.count), keepSize: true)
    try file.write(image, at: 0)
    try file.sync()
    return (.imageWasMade, "")
  }
}
