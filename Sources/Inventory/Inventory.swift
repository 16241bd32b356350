import Foundation

/// The devices of a workspace, one YAML file each under `Inventory/devices/`.
public struct Inventory: Sendable {
  /// The folder `Inventory/`.
  public let directory: String
  /// Ordered by name, numbers within names by value.
  public private(set) var devices: [Device]

  /// Reads every device's file. No folder is the same as an empty one.
  ///
  /// - Throws: an error that names every problem in every file.
  public init(directory: String) throws(InventoryError) {
    self.directory = directory
    var devices: [Device] = []
    var problems: [InventoryProblem] = []
    for name in try Self.fileNames(in: directory + "/devices") {
      do throws(InventoryError) {
        devices.append(try Self.read(directory + "/devices/" + name))
      } catch {
        problems += error.problems
      }
    }
    guard problems.isEmpty else { throw InventoryError(problems) }
    self.devices = devices.sorted(by: Self.isBefore)
  }

  /// Where the devices' host keys stand.
  public var knownHosts: String { directory + "/known_hosts" }

  public subscript(name: String) -> Device? { devices.first { $0.name == name } }

  public func path(of name: String) -> String { "\(directory)/devices/\(name).yaml" }

  /// The identity file of a device with `~` and relative paths resolved; the latter start at the
  /// workspace, the folder that `Inventory/` lies in.
  public func identityPath(of device: Device) -> String? {
    guard let identity = device.identity else { return nil }
    let expanded = (identity as NSString).expandingTildeInPath
    if expanded.hasPrefix("/") { return expanded }
    return ((directory as NSString).deletingLastPathComponent as NSString)
      .appendingPathComponent(expanded)
  }

  /// Registers a new device.
  public mutating func add(_ device: Device) throws(InventoryError) {
    let path = path(of: device.name)
    if let reason = Word.problem(in: device.name) {
      throw InventoryError(path, "the name '\(device.name)' \(reason)")
    }
    if let (key, reason) = device.problems().first {
      throw InventoryError(path, "\(key) \(reason)")
    }
    try AtomicFile.create(path, DeviceFile.text(for: device))
    devices.append(device)
    devices.sort(by: Self.isBefore)
  }

  /// Takes a device's file away.
  public mutating func remove(_ name: String) throws(InventoryError) {
    _ = try known(name)
    do { try FileManager.default.removeItem(atPath: path(of: name)) } catch {
      throw InventoryError(path(of: name), "can't be removed: \(error.localizedDescription)")
    }
    devices.removeAll { $0.name == name }
  }

  /// Gives a device other tags and leaves the rest of its file, with the comments, as it is.
  public mutating func setTags(_ tags: [String], of name: String) throws(InventoryError) {
    var device = try known(name)
    device.tags = tags
    let path = path(of: name)
    if let (_, reason) = device.problems().first { throw InventoryError(path, "tag \(reason)") }
    let old = try AtomicFile.read(path)
    var file = DeviceFile(path: path, text: old)
    file.text = file.text(withTags: device.tags)
    var written: Device?
    do throws(InventoryError) { written = try file.device(named: name) } catch { written = nil }
    if written != device {
      // A way of writing that line editing does not understand: the comments are the price.
      file.text = DeviceFile.text(for: device)
    }
    try AtomicFile.replace(path, file.text)
    devices = devices.map { $0.name == name ? device : $0 }
  }

  private func known(_ name: String) throws(InventoryError) -> Device {
    if let device = self[name] { return device }
    let hint = Suggestion.nearest(to: name, among: devices.map(\.name))
    throw InventoryError(
      path(of: name), "no such device" + (hint.map { "; did you mean '\($0)'?" } ?? ""))
  }

  private static func isBefore(_ a: Device, _ b: Device) -> Bool {
    a.name.compare(b.name, options: .numeric) == .orderedAscending
  }

  private static func fileNames(in folder: String) throws(InventoryError) -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml"))
      }.sorted()
    } catch {
      throw InventoryError(folder, "can't be read: \(error.localizedDescription)")
    }
  }

  private static func read(_ path: String) throws(InventoryError) -> Device {
    let url = URL(filePath: path)
    let name = url.deletingPathExtension().lastPathComponent
    guard url.pathExtension == "yaml" else {
      throw InventoryError(path, "would be passed over; call it \(name).yaml")
    }
    if let reason = Word.problem(in: name) {
      throw InventoryError(path, "the name '\(name)' \(reason); rename the file")
    }
    return try DeviceFile(path: path, text: AtomicFile.read(path)).device(named: name)
  }
}
