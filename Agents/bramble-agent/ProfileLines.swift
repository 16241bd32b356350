import DeviceAgent
import Inference

/// `bramble-agent infer --profile`: a line for the run and one for each layer, times in nanoseconds.
enum ProfileLines {
  static func show(_ image: MappedFile, runs: Int, threads: Int?) throws(InferFailure) {
    let profile: InferenceProfile
    do throws(InferenceError) {
      profile = try Profiler(image: image.bytes, threads: threads).profile(runs: runs)
    } catch {
      throw InferFailure(error.description)
    }
    Output.line(
      "profile runs \(profile.runs) threads \(profile.threads) kernels \(profile.kernels) "
        + "hertz \(profile.frequency) latency \(profile.latency) measured \(profile.median) "
        + "layers \(profile.layerTime)")
    for layer in profile.layers {
      var line = "layer \(layer.operation) median \(layer.median) total \(layer.total) "
      line += "macs \(layer.macs) weights \(layer.weightBytes) read \(layer.readBytes) "
      line += "written \(layer.writtenBytes) kernel \(layer.kernel)"
      if layer.tile > 0 { line += " x\(layer.tile)" }
      if !layer.fused.isEmpty { line += " fused \(layer.fused.joined(separator: ", "))" }
      Output.line(line + " name \(layer.name)")
    }
  }
}
