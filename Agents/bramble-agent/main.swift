import CPosix
func hello() {
  let v: [String: Int] = ["a": 1, "hé": 2]
  var s = "hello \(v == ["a": 2]) \(1.5) \(Float(0.25)) \(bp_boot_time()) \(v.count) args \(bp_argument_count())\n"
  s.withUTF8 { _ = bp_write(1, $0.baseAddress, UInt64($0.count)) }
}
hello()
