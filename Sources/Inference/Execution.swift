internal import CKernels

/// What a step runs with: the kernels of this machine that read the image's layout, and the threads.
struct Execution {
  let kernels: UnsafePointer<bk_kernels>
  let threads: Threads

  /// `wanted`, or the kernels that this machine selects, where they fit the tile; else the portable
  /// ones, which take any.
  init(for tile: Tile, threads: Threads, kernels wanted: UnsafePointer<bk_kernels>? = nil) {
    self.threads = threads
    guard let selected = wanted ?? bk_kernels_select(), let portable = bk_kernels_portable() else {
      preconditionFailure("the portable kernels are part of every build")
    }
    let fits = selected.pointee.f32_nr == tile.float && selected.pointee.i8_nr == tile.int8
    kernels = fits ? selected : portable
  }

  private init(_ kernels: UnsafePointer<bk_kernels>, _ threads: Threads) {
    (self.kernels, self.threads) = (kernels, threads)
  }

  /// For one thread of a team, which has no helpers of its own.
  var alone: Execution { Execution(kernels, threads.alone) }
}
