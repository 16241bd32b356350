import AgentProtocol
import CPosix
import Encoding

extension Daemon {
  /// Puts a prediction in the queue, or refuses it.
  func predict(_ job: Job) {
    guard let client = job.client else { return }
    guard slots.state.active != nil else {
      return send(
        .refused(Refusal(.noActiveVariant, "no variant is active on this device")), to: client)
    }
    guard queue.count < Daemon.queueLimit else {
      return send(
        .refused(Refusal(.busy, "\(queue.count) predictions wait already; ask less often")),
        to: client)
    }
    queue.append(job)
  }

  /// A prediction is made: it is journalled, remembered for feedback, and answered.
  func complete(
    _ job: Job, _ variant: Variant, _ inference: UInt64, _ label: UInt64?, _ output: [UInt8]
  ) throws(SystemError) {
    let latency = bp_boot_time() - job.arrived
    predictionsSinceMemory += 1
    let position = try record(
      .prediction(
        variant: variant.digest, source: job.source, label: label, expected: job.expected,
        latency: latency, inference: inference))
    guard let client = job.client else {
      return try countProbe(variant, label, job.expected, latency)
    }
    try predictions.append(
      PredictionLog.Entry(position: position, variant: variant.digest, label: label))
    let prediction = Prediction(
      id: position, variant: variant.digest, label: label, output: floats(output),
      latency: latency)
    send(.prediction(prediction), to: client)
  }
}

/// Float32 values from their little-endian bytes.
public func floats(_ bytes: [UInt8]) -> [Float] {
  var values: [Float] = []
  values.reserveCapacity(bytes.count / 4)
  var index = 0
  while index + 4 <= bytes.count {
    values.append(Float(bitPattern: UInt32(truncatingIfNeeded: number(bytes, index, 4))))
    index += 4
  }
  return values
}
