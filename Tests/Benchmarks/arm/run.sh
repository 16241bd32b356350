#!/bin/sh
# What the ARM kernels compile to: modelled cycles of the inner loops, and instructions of one inference.
#
#   Tests/Benchmarks/arm/run.sh [loops]     with `loops` the counts of instructions stay as they are
#
# Installs what is missing. The counts take a quarter of an hour. Writes Tests/Benchmarks/ARM.md. The models come
# from ../shared beside the clone, or from $BRAMBLE_SHARED.
set -eu
cd "$(dirname "$0")/../../.."

for tool in llvm-mca-19 clang cc aarch64-linux-gnu-gcc arm-linux-gnueabi-gcc qemu-aarch64-static qemu-arm-static; do
  command -v "$tool" > /dev/null || {
    Scripts/setup.sh --arm-models
    break
  }
done

shared=${BRAMBLE_SHARED:-../shared}
if [ "${1:-}" = loops ]; then
  python3 -B Tests/Benchmarks/arm/report.py Tests/Benchmarks/ARM.md
  exit
fi
[ -d "$shared/models" ] || {
  echo "No models at $shared/models: name the folder in BRAMBLE_SHARED" >&2
  exit 1
}
swift build -c release --product bramble-bench 2>&1 | tail -n 1
Agents/build.sh aarch64 armv7 armv6
python3 -B Tests/Benchmarks/arm/report.py Tests/Benchmarks/ARM.md "$shared" .build/release/bramble-bench Agents/build
