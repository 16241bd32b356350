import AgentProtocol

extension AgentConnection {
  /// Brings objects to the device. What it holds already is not sent again, and an upload that was
  /// interrupted goes on where it ended. The agent checks each object's hash before it counts.
  ///
  /// - Returns: how it ended: everything held.
  @discardableResult
  public func upload(
    _ objects: [UploadObject], options: UploadOptions = UploadOptions(),
    progress: (UploadProgress) -> Void = { _ in }
  ) async throws(AgentError) -> UploadProgress {
    var upload = Upload(
      options: options,
      progress: UploadProgress(held: 0, total: objects.map(\.bytes.count).reduce(0, +), found: 0))
    var start = 0
    while start < objects.count {
      let part = objects[start..<min(objects.count, start + ProtocolLimits.holdings)]
      let holdings = try await holdings(part.map(\.digest))
      for (object, holding) in zip(part, holdings) {
        let found = holding.isComplete ? object.bytes.count : Int(clamping: holding.bytes)
        upload.progress.held += min(found, object.bytes.count)
        upload.progress.found += min(found, object.bytes.count)
        progress(upload.progress)
        guard !holding.isComplete else { continue }
        try await send(object, from: min(found, object.bytes.count), &upload, progress)
      }
      start += part.count
    }
    return upload.progress
  }

  private struct Upload {
    var options: UploadOptions
    var progress: UploadProgress
    var sent = 0
    let start = ContinuousClock.now
  }

  private func send(
    _ object: UploadObject, from offset: Int, _ upload: inout Upload,
    _ progress: (UploadProgress) -> Void
  ) async throws(AgentError) {
    let before = upload.progress
    do throws(AgentError) {
      try await sendPieces(of: object, from: offset, &upload, progress)
    } catch {
      // What an earlier upload left there was damaged; the agent has thrown it away.
      guard offset > 0, case .refused(let refusal) = error.problem,
        refusal.reason == .damagedObject
      else { throw error }
      upload.progress.held = before.held - offset
      upload.progress.found = before.found - offset
      try await sendPieces(of: object, from: 0, &upload, progress)
    }
  }

  private func sendPieces(
    of object: UploadObject, from offset: Int, _ upload: inout Upload,
    _ progress: (UploadProgress) -> Void
  ) async throws(AgentError) {
    var underway: [(ticket: Ticket, count: Int)] = []
    var next = offset
    // An object whose bytes are all there still needs a piece, however empty, to be checked.
    var isFirst = true
    while isFirst || next < object.bytes.count || !underway.isEmpty {
      if (isFirst || next < object.bytes.count) && underway.count < upload.options.window {
        let end = min(object.bytes.count, next + pieceSize(upload.options))
        try await pace(&upload, by: end - next)
        let piece = Request.upload(
          object: object.digest, totalBytes: UInt64(object.bytes.count), offset: UInt64(next),
          bytes: Array(object.bytes[next..<end]))
        underway.append((try await ask(piece), end - next))
        next = end
        isFirst = false
        continue
      }
      let (ticket, count) = underway.removeFirst()
      let answer = try await ticket.answer()
      guard case .received(let held) = answer, held >= UInt64(count) else {
        throw await session.unexpected(
          answer, to: .upload(object: object.digest, totalBytes: 0, offset: 0, bytes: []))
      }
      upload.progress.held += count
      progress(upload.progress)
    }
  }

  private func pieceSize(_ options: UploadOptions) -> Int {
    let size = min(options.pieceSize, ProtocolLimits.payload)
    // Under a cap, pieces short enough that the line is not full for seconds and then empty.
    return options.bytesPerSecond.map { min(size, max(1024, $0 / 4)) } ?? size
  }

  /// Waits until another `count` bytes are within the cap.
  private func pace(_ upload: inout Upload, by count: Int) async throws(AgentError) {
    upload.sent += count
    guard let rate = upload.options.bytesPerSecond else { return }
    let due = upload.start + .seconds(Double(upload.sent) / Double(rate))
    do { try await Task.sleep(until: due, clock: .continuous) } catch {
      throw await session.agentError(.ssh(.cancelled))
    }
  }
}
