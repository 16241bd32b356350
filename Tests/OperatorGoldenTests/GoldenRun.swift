import CKernels
import Importers
import ModelFormat

@testable import Inference

/// A set of kernels of this machine with a device class whose images it runs.
struct KernelChoice {
  let deviceClass: DeviceClass
  let kernels: UnsafePointer<bk_kernels>

  var description: String {
    "\(deviceClass.name), \(String(cString: kernels.pointee.name)) kernels"
  }

  /// The portable kernels with every class, and every other set of kernels with the classes that it fits.
  static var all: [KernelChoice] {
    var choices: [KernelChoice] = []
    var position = 0
    while let kernels = bk_kernels_at(position) {
      for deviceClass in DeviceClass.allCases {
        let tile = deviceClass.tile
        let fits = kernels.pointee.f32_nr == tile.float && kernels.pointee.i8_nr == tile.int8
        if fits || kernels == bk_kernels_portable() {
          choices.append(KernelChoice(deviceClass: deviceClass, kernels: kernels))
        }
      }
      position += 1
    }
    return choices
  }
}

extension GoldenCase {
  /// What is wrong with our output, for the first choice of kernels where something is; `nil` when nothing is.
  func failure(on choices: [KernelChoice]) -> String? {
    do {
      let graph = try TFLiteImporter.graph(from: model, file: "\(operatorName).tflite")
      var images: [DeviceClass: AlignedBytes] = [:]
      for choice in choices {
        let image =
          try images[choice.deviceClass]
          ?? AlignedBytes(ImageBuilder.image(of: graph, for: choice.deviceClass))
        images[choice.deviceClass] = image
        let interpreter = try Interpreter(image: image.bytes, kernels: choice.kernels)
        var ours = [UInt8](repeating: 0xff, count: output.count)
        try interpreter.run(input: input, output: &ours)
        let tolerance = Tolerance.of(operatorName, entry.type)
        var start = 0
        for spec in interpreter.outputs {
          let part = start..<start + spec.byteCount
          start = part.upperBound
          let violation = tolerance.violation(
            Numbers(Array(ours[part]), spec.type), Numbers(Array(output[part]), spec.type),
            slack: entry.slack ?? 0)
          if let violation {
            return "\(description)\n  on \(choice.description), output '\(spec.name)': \(violation)"
          }
        }
      }
      return nil
    } catch {
      return "\(description)\n  \(error)"
    }
  }
}

extension Numbers {
  init(_ bytes: [UInt8], _ type: ElementType) {
    areWhole = type == .int8
    values =
      areWhole
      ? bytes.map { Float(Int8(bitPattern: $0)) }
      : bytes.withUnsafeBytes { buffer in
        (0..<buffer.count / 4).map { buffer.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
      }
  }
}

/// Bytes that start where an image has to.
final class AlignedBytes {
  let bytes: UnsafeRawBufferPointer

  init(_ content: [UInt8]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 64)
    memory.copyBytes(from: content)
    bytes = UnsafeRawBufferPointer(memory)
  }

  deinit { bytes.deallocate() }
}
