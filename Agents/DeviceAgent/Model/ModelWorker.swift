import CPosix
import Encoding
import Inference
import ModelFormat

/// The model's process: it loads one variant, then answers until the daemon closes its end.
enum ModelWorker {
  /// - Parameters:
  ///   - image: the image's file, which must have this digest.
  ///   - socket: this process's end of the pair.
  static func run(image: String, digest: Digest, decision: DecisionRule, socket: Int32) -> Int32 {
    offerToOutOfMemoryKiller()
    let file: MappedFile
    do throws(SystemError) {
      file = try MappedFile(image)
    } catch {
      return report(.damaged("image of the variant: \(error)"), socket)
    }
    guard SHA256.digest(of: file.bytes) == digest else {
      return report(.damaged("the image \(digest.short) on the disk is damaged"), socket)
    }
    let model: LoadedModel
    do throws(InferenceError) {
      model = try LoadedModel(file, decision: decision)
    } catch {
      return report(.unusable(error.description), socket)
    }
    let ready = ModelMessage.ready(
      inputBytes: UInt64(model.inputBytes), outputCount: UInt64(model.outputCount))
    guard Pipe.write(Pipe.framed(ready.encoded()), to: socket) else { return 0 }
    var inbox: [UInt8] = []
    while let input = Pipe.receive(socket, &inbox) {
      let message = answer(model, input)
      guard Pipe.write(Pipe.framed(message.encoded()), to: socket) else { return 0 }
    }
    return 0
  }

  private static func answer(_ model: LoadedModel, _ input: [UInt8]) -> ModelMessage {
    guard input.count == model.inputBytes else {
      return .wrongInput(
        "the model takes \(model.inputBytes) bytes of float32, \(input.count) were given")
    }
    do throws(InferenceError) {
      let result = try model.predict(input)
      return .answer(
        inference: result.inference, label: result.label.map { UInt64($0) }, output: result.output)
    } catch {
      return .wrongInput(error.description)
    }
  }

  private static func report(_ message: ModelMessage, _ socket: Int32) -> Int32 {
    _ = Pipe.write(Pipe.framed(message.encoded()), to: socket)
    return 1
  }

  /// When memory runs out, this process goes first and the daemon lives on to tell.
  private static func offerToOutOfMemoryKiller() {
    let fd = bp_open("/proc/self/oom_score_adj", BP_WRITE, 0)
    guard fd >= 0 else { return }
    _ = Pipe.write(Array("1000".utf8), to: fd)
    _ = bp_close(fd)
  }
}
