// Serves one model to the benchmark, so that ours and the peers' runs can take turns.
//
//   bramble-bench FILE.tflite [THREADS]
//
// The image is made for this machine's class. Prints "ready MICROSECONDS": from opening the image's file to the first
// answer. Then, per line of standard input:
//
//     time N        prints the N latencies in microseconds, on one line
//     run FILE      reads inputs from FILE, window after window, prints the outputs' bytes as hexadecimal digits
//     cost          prints a JSON list: each layer with weights, its multiply-accumulates and the bytes it reads
//     image FILE    writes the image, prints its bytes and the arena's
//     image FILE CLASS  writes the image for another device class, prints its bytes
//     window FILE   writes an input as the agent takes it, float32 for every network
import Foundation

@main struct BrambleBench {
  static func main() {
    do {
      let arguments = CommandLine.arguments
      let threads = arguments.count == 3 ? Int(arguments[2]) : 1
      guard (2...3).contains(arguments.count), let threads, threads > 0 else { throw Usage() }
      var session = try BenchSession(file: arguments[1], threads: threads)
      say("ready \(session.firstAnswerMicroseconds)")
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
    "usage: bramble-bench FILE.tflite [THREADS], then lines of stdin: time N, run FILE, cost, image FILE [CLASS], window FILE"
  }
}
