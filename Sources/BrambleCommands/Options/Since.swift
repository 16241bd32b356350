import ArgumentParser
import Foundation

/// A moment in the past: a length of time before now (`1h`), a date (`2026-03-01`), or a date with
/// time (`2026-03-01T12:00:00Z`).
struct Since: ExpressibleByArgument, Equatable, Sendable {
  private enum Value: Equatable, Sendable {
    case ago(Span)
    case at(Date)
  }
  private var value: Value

  init?(argument: String) {
    if let span = Span(argument: argument) {
      value = .ago(span)
    } else if let day = try? Date(argument, strategy: .iso8601.year().month().day()),
      argument.count == 10
    {
      value = .at(day)
    } else if let moment = try? Date(argument, strategy: .iso8601) {
      value = .at(moment)
    } else {
      return nil
    }
  }

  func date(now: Date) -> Date {
    switch value {
    case .ago(let span): now.addingTimeInterval(-Double(span.microseconds) / 1e6)
    case .at(let date): date
    }
  }
}
