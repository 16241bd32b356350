// Serves one model to the benchmark script, so that ours and the peer's runs can take turns.
//
//   bramble-bench FILE.tflite     the image is made for this machine's class; then, per line of stdin:
//     time N      prints the N latencies in microseconds, on one line
//     run FILE    reads float32 inputs from FILE, window after window, prints the outputs as hexadecimal floats' bits
//     memory      prints image bytes and arena bytes
import Foundation
import Importers
import Inference

@main struct BrambleBench {
  static func main() {
    do {
      guard CommandLine.arguments.count == 2 else { throw Usage() }
      var session = try BenchSession(file: CommandLine.arguments[1])
      say("ready")
      while let line = readLine() {
        say(try session.answer(line.split(separator: " ").map(String.init)))
      }
    } catch {
      FileHandle.standardError.write(Data("bramble-bench: \(error)\n".utf8))
      exit(1)
    }
  }

  /// Unbuffered, as the other side waits for the answer.
  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    "usage: bramble-bench FILE.tflite, then lines of stdin: time N, run FILE, memory"
  }
}
