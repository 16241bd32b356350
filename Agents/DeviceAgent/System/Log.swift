import CPosix

/// Lines for whoever looks after the device, on the standard error that systemd or the supervisor keeps.
public enum Log {
  public static func line(_ text: String) {
    _ = Pipe.write(Array("bramble-agent: \(text)\n".utf8), to: 2)
  }
}
