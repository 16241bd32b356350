import AgentProtocol
import CPosix
import Encoding
import ModelFormat

extension Daemon {
  /// Begins to measure a variant's layers; the answer comes when that is done.
  func beginProfile(
    _ digest: Digest, runs: UInt64, milliseconds: UInt64, _ client: Client
  ) throws(SystemError) {
    if profiling != nil {
      return send(.refused(Refusal(.busy, "another profile is being measured")), to: client)
    }
    do throws(Refusal) {
      let variant = try Variant(digest, in: store)
      guard store.contains(variant.image.digest) else {
        throw Refusal(
          .unknownObject, "the image \(variant.image.digest.hex) is not on this device; upload it")
      }
      profiling = try start(variant, runs, milliseconds, client)
    } catch {
      send(.refused(error), to: client)
    }
  }

  private func start(
    _ variant: Variant, _ runs: UInt64, _ milliseconds: UInt64, _ client: Client
  ) throws(Refusal) -> ProfilingProcess {
    do throws(SystemError) {
      return try ProfilingProcess(
        variant, runs: runs, milliseconds: milliseconds, client: client, in: store)
    } catch {
      throw Refusal(.internalFailure, error.description)
    }
  }

  /// The profiling process has something to say.
  func serveProfiling() {
    guard let profiling, let response = profiling.receive() else { return }
    conclude(profiling, response)
  }

  /// Ends one that hangs, or that nobody waits for any more.
  func tendProfiling() {
    guard let profiling else { return }
    if bp_boot_time() >= profiling.deadline {
      conclude(profiling, .refused(Refusal(.modelFailed, "the model did not come to an end")))
    } else if !connections.contains(where: { $0.number == profiling.client.connection }) {
      profiling.end()
      self.profiling = nil
    }
  }

  private func conclude(_ process: ProfilingProcess, _ response: Response) {
    process.end()
    profiling = nil
    send(response, to: process.client)
  }
}
