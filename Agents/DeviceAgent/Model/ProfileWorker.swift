import AgentProtocol
import CPosix
import Encoding
import Inference

/// The process that measures a variant's layers. A process of its own, so that the model that serves goes on, and
/// that a model which breaks here breaks nothing else.
enum ProfileWorker {
  /// The bytes of the profile, or why there is none.
  static func run(
    image: String, digest: Digest, runs: UInt64, milliseconds: UInt64
  ) -> Result<[UInt8], Refusal> {
    bp_yield_to_others()
    let file: MappedFile
    do throws(SystemError) {
      file = try MappedFile(image)
    } catch {
      return .failure(Refusal(.unknownObject, "image of the variant: \(error.description)"))
    }
    guard SHA256.digest(of: file.bytes) == digest else {
      return .failure(
        Refusal(.damagedObject, "the image \(digest.short) is damaged; upload it again"))
    }
    do throws(InferenceError) {
      // As many threads as serving takes, so that the times are those of serving.
      let profile = try Profiler(image: file.bytes, threads: nil).profile(
        runs: Int(clamping: runs), limit: milliseconds * 1_000_000)
      return .success(profile.cbor.encoded())
    } catch {
      return .failure(Refusal(.modelFailed, error.description))
    }
  }
}
