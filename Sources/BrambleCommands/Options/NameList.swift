import Foundation

/// Names joined by commas, as they are written on the command line.
enum NameList {
  static func parse(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }
}
