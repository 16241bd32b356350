import Testing

@testable import BrambleCommands

/// A wrong command line: exit status 2, a message that names the argument, nothing on standard output.
@Suite struct UsageTests {
  static let mistakes: [(String, String)] = [
    ("device list --bogus", "Unknown option '--bogus'"),
    ("device lst", "Unexpected argument 'lst'"),
    ("device add pi-01", "<address>"),
    ("device add pi-01 nowhere", "'nowhere'"),
    ("device add pi-01 pi@host:0", "'pi@host:0'"),
    ("device add pi-01 pi@host:99999", "'pi@host:99999'"),
    ("device add pi-01 pi@-oProxyCommand=x", "<address>"),
    ("device add pi-01 pi@h --host-key MD5:aa:bb", "SHA256:"),
    (
      "device add pi-01 pi@h --accept-new-host-key --host-key SHA256:0123456789012345678901234",
      "not both"
    ),
    ("device list -o yaml", "'yaml'"),
    ("device check --forks 0", "1 to 1024"),
    ("device tag pi-01", "<tags>"),
    ("compress m --evaluate d.npz", "--recipe"),
    ("compress m --recipe float16", "--evaluate"),
    ("compress m --recipe float16 --evaluate d.npz --budget soon", "'soon'"),
    ("compress m --recipe float16 --evaluate d.npz --probe-windows 0", "1 to 4096"),
    ("predict m@float16 --input d.npz --limit 0", "--limit"),
    ("profile m@float16 --runs 0", "1 to 10000"),
    ("profile m@float16 --time 2m", "1ms to 60s"),
    ("profile m@float16 --on all --threads 2", "--threads"),
    ("rollout start m@float16 --canary 0", "'0'"),
    ("rollout start m@float16 --wave 101%", "'101%'"),
    ("rollout start m@float16 --budget -1s", "--budget"),
    ("rollout start m@float16 --min-accuracy 95", "0 to 1"),
    ("rollout status three", "'three'"),
    ("telemetry show --since yesterday", "'yesterday'"),
    ("frobnicate", "Unexpected argument 'frobnicate'"),
  ]

  @Test(arguments: mistakes) func isRefused(line: String, naming: String) async {
    let transcript = await Transcript.of(line)
    #expect(transcript.status == .usage)
    #expect(transcript.diagnostics.contains(naming), "\(transcript.diagnostics)")
    #expect(transcript.output.isEmpty)
  }

  @Test func versionIsTold() async {
    let transcript = await Transcript.of("--version")
    #expect(transcript.status == .success)
    #expect(transcript.output.split(separator: ".").count == 3)
  }

  @Test func exitStatusesAreTheDocumentedOnes() {
    #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 130])
  }
}
