import AgentProtocol
import CPosix
import Encoding
import ModelFormat

extension Daemon {
  /// Begins a run of the active variant's probe set; the answer comes at its end.
  func beginProbe(
    _ digest: Digest, _ wanted: UInt64, _ epoch: Epoch, _ client: Client
  ) throws(SystemError) {
    // A probe is a word from the controller like any other command.
    if case .refused(let refusal)? = try apply(.keepAlive(epoch: epoch)) {
      return send(.refused(refusal), to: client)
    }
    guard slots.state.active == digest else {
      let why = slots.state.lastReversal.isEmpty ? "" : " (\(slots.state.lastReversal))"
      return send(
        .refused(Refusal(.noActiveVariant, "variant \(digest.short) is not active\(why)")),
        to: client)
    }
    if probe != nil {
      return send(.refused(Refusal(.busy, "the probe set is running already")), to: client)
    }
    do throws(Refusal) {
      let set = try probeSet(of: try Variant(digest, in: store))
      if probed?.variant != digest || probed?.epoch != epoch {
        probed = ProbeProgress(variant: digest, epoch: epoch)
      }
      probe = ProbeRun(
        digest, set, from: probed?.position ?? 0, wanted: wanted, client: client)
    } catch {
      return send(.refused(error), to: client)
    }
    if wanted == 0 { try finishProbe() }
  }

  private func probeSet(of variant: Variant) throws(Refusal) -> ProbeSet {
    guard let reference = variant.manifest.probe else {
      throw Refusal(.unknownObject, "variant \(variant.digest.short) has no probe set")
    }
    let file: MappedFile
    do throws(SystemError) {
      file = try MappedFile(store.path(of: reference.digest))
    } catch {
      throw Refusal(.unknownObject, "the probe set of variant \(variant.digest.short): \(error)")
    }
    let set: ProbeSet
    do throws(FormatError) {
      set = try ProbeSet(decoding: file.bytes)
    } catch {
      throw Refusal(.damagedObject, "the probe set: \(error.description)")
    }
    if set.labels.isEmpty {
      throw Refusal(.damagedObject, "the probe set of variant \(variant.digest.short) is empty")
    }
    return set
  }

  func countProbe(
    _ variant: Variant, _ label: UInt64?, _ expected: UInt64?, _ latency: UInt64
  ) throws(SystemError) {
    guard probe?.variant == variant.digest else { return }
    probe!.predictions += 1
    if let label, label == expected { probe!.correct += 1 }
    if latency > slots.state.terms.budget { probe!.misses += 1 }
    if probe!.predictions >= probe!.wanted { try finishProbe() }
  }

  private func finishProbe() throws(SystemError) {
    guard let run = probe else { return }
    try journal.sync()
    endProbe(.probe(run.outcome))
    guard var progress = probed else { return }
    progress.position = run.position
    progress.predictions += run.predictions
    progress.correct += run.correct
    probed = progress
    if progress.predictions >= run.setCount {
      try apply(
        .probed(
          run.variant, predictions: progress.predictions, correct: progress.correct))
    }
  }

  /// Answers and forgets the run.
  func endProbe(_ response: Response) {
    guard let run = probe else { return }
    probe = nil
    send(response, to: run.client)
  }

  /// As many failures as end a trial also end a probe of a variant that is on none.
  func failProbe(_ reason: String) {
    guard probe != nil else { return }
    probe!.failures += 1
    if probe!.failures >= Slots.failureLimit {
      endProbe(.refused(Refusal(.modelFailed, reason)))
    }
  }

  /// A probe whose variant is no longer active, or whose controller is gone, ends.
  func cancelStaleProbe() {
    guard let run = probe else { return }
    if slots.state.active != run.variant {
      let why = slots.state.lastReversal
      endProbe(
        .refused(
          Refusal(.modelFailed, "variant \(run.variant.short) was taken back meanwhile: \(why)")))
    } else if !connections.contains(where: { $0.number == run.client.connection }) {
      probe = nil
    }
  }
}
