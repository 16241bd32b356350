import Foundation
import Inference

/// Profiles as Chrome's trace event format has them: one process a device, one median prediction each, its layers
/// one after the other. Perfetto and `chrome://tracing` show it.
enum ProfileTrace {
  static func write(_ profiles: [DeviceProfile], of variant: String, to path: String) throws {
    let text = json(profiles, of: variant).text + "\n"
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw Failure("cannot write the trace to \(path): \(error.localizedDescription)")
    }
  }

  static func json(_ profiles: [DeviceProfile], of variant: String) -> JSON {
    var events: [JSON] = []
    for (process, measured) in profiles.enumerated() {
      events.append(
        .object([
          "name": .string("process_name"), "ph": .string("M"), "pid": .count(process),
          "tid": .count(0),
          "args": .object(["name": .string("\(variant) on \(measured.place)")]),
        ]))
      events.append(
        .object([
          "name": .string(variant), "cat": .string("prediction"), "ph": .string("X"),
          "ts": .number(0),
          "dur": .number(microseconds(measured.profile.layerTime)), "pid": .count(process),
          "tid": .count(0),
          "args": .object([
            "latency_us": .number(microseconds(measured.profile.latency)),
            "runs": .count(measured.profile.runs),
          ]),
        ]))
      var start: UInt64 = 0
      for layer in measured.profile.layers {
        events.append(event(layer, of: measured, from: start, process))
        start += layer.median
      }
    }
    return .object(["traceEvents": .array(events), "displayTimeUnit": .string("ns")])
  }

  private static func event(
    _ layer: LayerProfile, of measured: DeviceProfile, from start: UInt64, _ process: Int
  ) -> JSON {
    .object([
      "name": .string(layer.name), "cat": .string(layer.operation), "ph": .string("X"),
      "ts": .number(microseconds(start)), "dur": .number(microseconds(layer.median)),
      "pid": .count(process), "tid": .count(0),
      "args": .object([
        "operator": .string(layer.operation), "kernel": .string(layer.kernel),
        "macs": .count(layer.macs), "weight_bytes": .count(layer.weightBytes),
        "read_bytes": .count(layer.readBytes), "written_bytes": .count(layer.writtenBytes),
        "limit_us": .optional(measured.roofline(of: layer).map { $0.limit / 1000 }),
      ]),
    ])
  }

  /// The format counts in microseconds.
  private static func microseconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1000 }
}
