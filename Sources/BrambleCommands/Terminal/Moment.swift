import Foundation

/// Moments as they are shown and put into JSON: ISO 8601 in UTC, to the second.
enum Moment {
  /// - Parameter milliseconds: since 1970.
  static func text(_ milliseconds: UInt64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
  }
}
