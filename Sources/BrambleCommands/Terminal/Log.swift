import Foundation
import Logging

/// What happens behind the scenes, on standard error, for whoever looks for a fault: silent unless
/// `BRAMBLE_LOG` names a level of swift-log (`trace`, `debug`, `info`, ...).
enum Log {
  static let fleet = make("fleet")

  private static func make(_ label: String) -> Logger {
    var logger = Logger(label: "bramble.\(label)", factory: StreamLogHandler.standardError(label:))
    let asked = ProcessInfo.processInfo.environment["BRAMBLE_LOG"]?.lowercased() ?? ""
    logger.logLevel = Logger.Level(rawValue: asked) ?? .critical
    return logger
  }
}
