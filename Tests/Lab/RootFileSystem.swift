import Foundation

/// The folder that people land in who log in to an isolated device, and the script that mounts what it needs.
struct RootFileSystem {
  let device: Device

  private var root: URL { device.folder.appendingPathComponent("root", isDirectory: true) }

  func make() throws(LabError) {
    for folder in ["dev", "proc", "root", "etc", "run", "disk", "home", "var/lib", "usr/bin"] {
      try Files.makeFolder(root.appendingPathComponent(folder))
    }
    try Files.makeFolder(root.appendingPathComponent("tmp"), mode: 0o1777)
    try Command("chmod", "1777", root.appendingPathComponent("tmp").path).check()
    for file in ["passwd", "group", "shadow"] {
      try Files.copy(
        device.folder.appendingPathComponent(file), to: root.appendingPathComponent("etc/" + file))
    }
    try Files.write(device.name + "\n", to: root.appendingPathComponent("etc/hostname"))
    if device.user != "root" { try Command("chown", "1000:1000", device.homeFolder.path).check() }
    if device.userland == .host {
      try makeHostUserland()
    } else {
      try makeBusyboxUserland()
    }
  }

  /// `/bin` and its kin as on this machine: links where it has links, else folders to mount on.
  private func makeHostUserland() throws(LabError) {
    for name in Self.systemFolders {
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/" + name)
      let place = root.appendingPathComponent(name)
      if let link {
        try Command("ln", "-s", link, place.path).check()
      } else if FileManager.default.fileExists(atPath: "/" + name) {
        try Files.makeFolder(place)
      }
    }
    for file in ["os-release", "ld.so.cache"] {
      try? Files.copy(
        URL(fileURLWithPath: "/etc/" + file).resolvingSymlinksInPath(),
        to: root.appendingPathComponent("etc/" + file))
    }
  }

  private func makeBusyboxUserland() throws(LabError) {
    let folder = root.appendingPathComponent("usr/bin")
    try Files.copy(device.userland.busybox, to: folder.appendingPathComponent("busybox"))
    try Command("chmod", "755", folder.path + "/busybox").check()
    let applets = try Command(device.userland.busybox.path, "--list").check()
    for applet in applets.split(separator: "\n") where applet != "busybox" {
      symlink("busybox", folder.path + "/" + applet)
    }
    for name in ["bin", "sbin"] { symlink("usr/bin", root.path + "/" + name) }
    let name = "Bramble lab, busybox on \(device.userland.rawValue) under QEMU"
    try Files.write(
      "PRETTY_NAME=\"\(name)\"\nID=bramble-lab\n",
      to: root.appendingPathComponent("etc/os-release"))
  }

  private static let systemFolders = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]

  /// Runs as the first process of the new namespaces, and stays as the one that orphans fall to.
  var startScript: String {
    var lines = [
      "#!/bin/sh",
      "set -eu",
      "cd '\(device.folder.path)'",
      "read -r id rest </proc/self/stat",
      "echo \"$id\" > first.pid.new",
      "mv first.pid.new first.pid",
      "for f in passwd group shadow; do mount --bind $f /etc/$f; done",
      "mkdir -p /run/sshd",
      "hostname '\(device.name)'",
      "mount -t proc proc /proc",
      "mount -t proc proc root/proc",
      "mount -t tmpfs -o mode=755,size=64k tmpfs root/dev",
      "for n in null zero full random urandom tty; do : > root/dev/$n; "
        + "mount --bind /dev/$n root/dev/$n; done",
    ]
    if device.userland == .host {
      let folders = Self.systemFolders.filter { name in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/" + name)) == nil
          && FileManager.default.fileExists(atPath: "/" + name)
      }
      for folder in ["usr"] + folders {
        lines.append("mount --bind '/\(folder)' 'root/\(folder)'")
        lines.append("mount -o remount,bind,ro 'root/\(folder)'")
      }
    }
    if let disk = device.disk {
      lines.append("mount -t tmpfs -o mode=755,size=\(disk) tmpfs root/disk")
      lines.append("mkdir -p root/disk/home root/disk/root root/disk/var/lib root/disk/tmp")
      lines.append("chmod 1777 root/disk/tmp")
      if device.user != "root" {
        lines.append("mkdir 'root/disk/home/\(device.user)'")
        lines.append("chown 1000:1000 'root/disk/home/\(device.user)'")
      }
      lines.append("for d in home root var tmp; do mount --bind root/disk/$d root/$d; done")
    }
    let server = Command.find("sshd") ?? "/usr/sbin/sshd"
    lines.append("'\(server)' -f '\(device.configuration.path)' -E '\(device.log.path)'")
    lines.append("while :; do sleep 86400 & wait $! || :; done")
    return lines.joined(separator: "\n") + "\n"
  }
}
