import Foundation
import Importers
import Inference
import ModelFormat

/// Writes what the importer makes of the `.tflite` files in the folder that BRAMBLE_FUZZ_MODELS names, as packages and
/// images, into the folder that BRAMBLE_FUZZ_SEEDS names, and ends.
@_cdecl("LLVMFuzzerInitialize")
public func writeSeeds(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> CInt {
  let environment = ProcessInfo.processInfo.environment
  guard let models = environment["BRAMBLE_FUZZ_MODELS"],
    let seeds = environment["BRAMBLE_FUZZ_SEEDS"]
  else { return 0 }
  let folder = URL(filePath: seeds)
  let files = try? FileManager.default.contentsOfDirectory(
    at: URL(filePath: models), includingPropertiesForKeys: nil)
  for file in files ?? [] {
    guard let bytes = try? Data(contentsOf: file),
      let graph = try? TFLiteImporter.graph(from: [UInt8](bytes), file: "seed.tflite")
    else { continue }
    let name = file.lastPathComponent
    try? Data(Package(graph: graph).encode()).write(to: folder.appending(path: "\(name).package"))
    for deviceClass in [DeviceClass.generic, .current] {
      guard let image = try? ImageBuilder.image(of: graph, for: deviceClass) else { continue }
      try? Data(image).write(to: folder.appending(path: "\(name).\(deviceClass.name)"))
    }
  }
  exit(0)
}
