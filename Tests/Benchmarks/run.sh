#!/bin/sh
# Our runtime beside LiteRT and ONNX Runtime, in turn in one run, and what this machine could do at most.
#
#   Tests/Benchmarks/run.sh [FILTER]     FILTER: part of model/variant, such as lstm-encdec/dynint8
#
# Writes Tests/Benchmarks/inference.json and RESULTS.md (with a filter: into .build/benchmarks instead). The models
# come from ../shared beside the clone, or from $BRAMBLE_SHARED.
set -eu
cd "$(dirname "$0")/../.."

shared=${BRAMBLE_SHARED:-../shared}
filter=${1:-}
if [ ! -d "$shared/models" ]; then
  echo "No models at $shared/models: name the folder in BRAMBLE_SHARED" >&2
  exit 1
fi

environment=.build/benchmark-peers
if ! "$environment/bin/python3" -c 'import ai_edge_litert, numpy, onnx, onnxruntime' 2> /dev/null; then
  echo "Installing LiteRT and ONNX Runtime into $environment ..."
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet ai-edge-litert numpy onnx onnxruntime
fi

echo "Building bramble-bench, bramble-limits and the agent of this machine ..."
for product in bramble-bench bramble-limits; do
  swift build -c release --product "$product" 2>&1 | tail -n 1
done
Agents/build.sh host

folder=Tests/Benchmarks
if [ -n "$filter" ]; then
  folder=.build/benchmarks
  mkdir -p "$folder"
fi
"$environment/bin/python3" Tests/Benchmarks/inference.py "$shared" .build/release/bramble-bench \
  .build/release/bramble-limits "Agents/build/bramble-agent-$(uname -m)" "$folder/inference.json" "$filter"
"$environment/bin/python3" Tests/Benchmarks/results.py "$folder/inference.json" Tests/Benchmarks/misses.json \
  "$folder/RESULTS.md"
echo "Written: $folder/inference.json, $folder/RESULTS.md"
