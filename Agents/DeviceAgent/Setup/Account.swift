/// A user of the system. Read from `/etc/passwd` itself: a static executable has no other name services.
struct Account {
  var uid: UInt32
  var gid: UInt32

  static func find(_ name: String) -> Account? {
    for line in Files.text(of: "/etc/passwd", atMost: 1 << 20).pieces(between: 10) {
      let fields = line.pieces(between: 58)
      guard fields.count > 3, fields[0] == name, let uid = fields[2].decimal,
        let gid = fields[3].decimal
      else { continue }
      return Account(uid: UInt32(truncatingIfNeeded: uid), gid: UInt32(truncatingIfNeeded: gid))
    }
    return nil
  }
}
