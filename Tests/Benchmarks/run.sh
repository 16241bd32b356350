#!/bin/sh
# Our latency for each shared model beside LiteRT's, in turn in one run, one thread each.
#
#   Tests/Benchmarks/run.sh [FOLDER]     FOLDER defaults to ../shared beside the clone
set -eu
cd "$(dirname "$0")/../.."

shared=${1:-../shared}
if [ ! -d "$shared/models" ]; then
  echo "No models at $shared/models: nothing to measure. Give the folder: Tests/Benchmarks/run.sh FOLDER"
  exit 0
fi

environment=.build/benchmark-peers
if ! "$environment/bin/python3" -c 'import ai_edge_litert, numpy' 2> /dev/null; then
  echo "Installing LiteRT into $environment ..."
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet ai-edge-litert numpy
fi

echo "Building bramble-bench ..."
swift build -c release --product bramble-bench 2>&1 | tail -n 1
"$environment/bin/python3" Tests/Benchmarks/latency.py "$shared" .build/release/bramble-bench
