internal import CPosix

/// Neighbouring steps that a team of threads goes through together: each thread takes its part of every step, and
/// they meet where one would touch what another may still need. That takes a tenth of handing over every step by
/// itself, and lets small steps between large ones be divided too.
struct JointSteps {
  let range: Range<Int>
  /// What rows are measured by.
  private let rows: Int
  /// Whether the threads meet before each of the steps.
  private let meets: [Bool]

  /// Where steps that can be divided follow each other, with enough work among them. `spans` are what each step touches.
  static func all(in steps: [Step], spans: [[ArenaSpan]], _ threads: Threads) -> [JointSteps] {
    if threads.count == 1 { return [] }
    var joint: [JointSteps] = []
    var first = 0
    var macs = 0
    for index in 0...steps.count {
      if index < steps.count, let work = steps[index].jointWork {
        macs += work.macs
        continue
      }
      // A step of little work costs a meeting all the same.
      let count = index - first
      if count > 1, threads.share(macs: macs), threads.share(macs: macs / count * 4) {
        joint.append(JointSteps(first..<index, steps, spans))
      }
      (first, macs) = (index + 1, 0)
    }
    return joint
  }

  private init(_ range: Range<Int>, _ steps: [Step], _ spans: [[ArenaSpan]]) {
    self.range = range
    let counts = range.compactMap { steps[$0].jointWork?.rows }
    let rows = counts.min() ?? 1
    self.rows = rows
    let isCut = range.map { index in
      steps[index].jointWork?.rows.map { $0 % rows == 0 } ?? false
    }
    var meets: [Bool] = []
    var since = range.lowerBound
    for index in range {
      let disturbs = (since..<index).contains { before in
        let cutAlike = isCut[index - range.lowerBound] && isCut[before - range.lowerBound]
        return spans[index].contains { span in
          spans[before].contains { span.disturbs($0, cutAlike: cutAlike) }
        }
      }
      if disturbs { since = index }
      meets.append(disturbs)
    }
    self.meets = meets
  }

  /// Runs them; `ends`, where it is given, takes the time after each of them.
  func run(
    _ steps: [Step], _ execution: Execution, ends: UnsafeMutablePointer<UInt64>?
  ) {
    let run = Run(
      joint: self, steps: steps, execution: execution.alone, threads: execution.threads, ends: ends)
    withUnsafePointer(to: run) { shared in
      execution.threads.runTeam(UnsafeMutableRawPointer(mutating: shared)) { context, part, parts in
        guard let context else { return }
        context.assumingMemoryBound(to: Run.self).pointee.run(part, of: parts)
      }
    }
  }

  /// What all threads of the team see.
  private struct Run {
    var joint: JointSteps
    var steps: [Step]
    var execution: Execution
    var threads: Threads
    var ends: UnsafeMutablePointer<UInt64>?

    func run(_ part: UInt32, of parts: UInt32) {
      let share = RowShare(part: Int(part), parts: Int(parts), rows: joint.rows)
      let first = joint.range.lowerBound
      for index in joint.range {
        if joint.meets[index - first] { threads.barrier(part: part, of: parts) }
        steps[index].run(execution, share)
        if part == 0, let ends { ends[index] = bp_nanoseconds() }
      }
    }
  }
}
