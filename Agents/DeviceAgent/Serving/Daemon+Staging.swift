import AgentProtocol
import CPosix
import Encoding
import ModelFormat

extension Daemon {
  /// Begins to make a variant ready; the answer comes when it is.
  func stage(_ digest: Digest, _ epoch: Epoch, _ client: Client) throws(SystemError) {
    if let refusal = slots.refusal(digest, epoch) {
      return send(.refused(refusal), to: client)
    }
    if let staging {
      guard staging.variant.digest == digest else {
        return send(.refused(Refusal(.busy, "another variant is being staged")), to: client)
      }
      staging.clients.append(client)
      return
    }
    let variant: Variant
    do throws(Refusal) {
      variant = try Variant(digest, in: store)
      try checkFiles(variant)
    } catch {
      return send(.refused(error), to: client)
    }
    staging = try StagingProcess(variant, epoch: epoch, client: client, in: store)
  }

  private func checkFiles(_ variant: Variant) throws(Refusal) {
    if let probe = variant.manifest.probe, !store.contains(probe.digest) {
      throw Refusal(
        .unknownObject, "the probe set \(probe.digest.hex) is not on this device; upload it")
    }
    if store.contains(variant.image.digest) { return }
    let package = variant.manifest.package.digest
    guard store.contains(package) else {
      throw Refusal(
        .unknownObject,
        "neither the image \(variant.image.digest.hex) nor the package \(package.hex) is on this device; "
          + "upload one of them")
    }
    do throws(SystemError) {
      let needed = variant.image.size + ObjectStore.spare
      if try Files.freeSpace(root.objects) >= needed { return }
      try store.prune(
        keeping: pinnedObjects() + variant.objects + [package], everything: true)
      if try Files.freeSpace(root.objects) >= needed { return }
    } catch {
      throw Refusal(.internalFailure, error.description)
    }
    throw Refusal(
      .diskFull, "no room for an image of \(variant.image.size) bytes; free some on the device")
  }

  /// The staging process has something to say.
  func serveStaging() throws(SystemError) {
    guard let staging, let (outcome, message) = staging.receive() else { return }
    staging.end()
    self.staging = nil
    let response = try conclude(staging, outcome, message)
    for client in staging.clients { send(response, to: client) }
  }

  private func conclude(
    _ staging: StagingProcess, _ outcome: StagingWorker.Outcome, _ message: String
  ) throws(SystemError) -> Response {
    let variant = staging.variant
    switch outcome {
    case .imageIsThere, .imageWasMade:
      if outcome == .imageWasMade {
        try Files.rename(
          store.partPath(of: variant.image.digest), to: store.path(of: variant.image.digest))
      }
      // Claimed: from now on the slots say whether these files stay. The package has served.
      let claimed = variant.objects + [variant.manifest.package.digest]
      store.fresh.removeAll { claimed.contains($0) }
      let response = try apply(.staged(variant.digest, epoch: staging.epoch))
      return response ?? .done
    case .damagedImage: try store.remove(variant.image.digest)
    case .damagedPackage: try store.remove(variant.manifest.package.digest)
    case .damagedProbe:
      if let probe = variant.manifest.probe { try store.remove(probe.digest) }
    case .failed, .diskFull: try Files.remove(store.partPath(of: variant.image.digest))
    }
    switch outcome {
    case .diskFull: return .refused(Refusal(.diskFull, message))
    case .failed: return .refused(Refusal(.internalFailure, message))
    default: return .refused(Refusal(.damagedObject, "\(message); upload it again"))
    }
  }
}
