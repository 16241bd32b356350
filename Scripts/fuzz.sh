#!/usr/bin/env bash
# Fuzzes what reads files from outside: the flatbuffer reader and importer, the container, the planner.
#
#   Scripts/fuzz.sh [SECONDS [TARGET ...]]     together one minute unless said otherwise; all targets
#
# libFuzzer with AddressSanitizer, in a build of its own under .build-fuzz. It starts from Tests/Fuzz/corpus, from
# the packages and images that its models become, and from the small models of ../shared where they are there.
# Exit status 1 when an input crashes, hangs or takes too much memory: it is kept in .build-fuzz/crashes; run it
# again with .build-fuzz/TARGET FILE.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(tflite container planner)
build=.build-fuzz
shared=${BRAMBLE_SHARED:-../shared}
sanitize=(-sanitize=address -sanitize=fuzzer)
swift=(swiftc -O -g -wmo -parse-as-library -swift-version 6 -enable-testing "${sanitize[@]}"
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
  -I "$build")

# c_module NAME FLAG...: the C target of that name as a module for Swift, and, in the background, as objects
c_module() {
  local name=$1
  shift
  mkdir -p "$build/$name"
  printf 'module %s {\n  umbrella "%s"\n  export *\n}\n' "$name" "$PWD/Sources/$name/include" \
    > "$build/$name/module.modulemap"
  flags+=(-Xcc "-fmodule-map-file=$PWD/$build/$name/module.modulemap" -I "Sources/$name/include")
  find "$PWD/Sources/$name" -name '*.c' -print0 | (cd "$build/$name" && xargs -0 -n 4 -P "$(nproc)" \
    clang -c -O2 -g -fsanitize=address,fuzzer-no-link "$@" -I "$OLDPWD/Sources/$name/include") &
  compilers+=($!)
}

# swift_module NAME: one object file and its module
swift_module() {
  find "Sources/$1" -name '*.swift' -print0 | xargs -0 "${swift[@]}" "${flags[@]}" -module-name "$1" \
    -emit-module-path "$build/$1.swiftmodule" -emit-object -o "$build/$1.o"
}

# program NAME FILE...: a fuzzer of everything that was compiled
program() {
  local name=$1
  shift
  "${swift[@]}" "${flags[@]}" -module-name "Fuzz_$name" -emit-module-path "$build/Fuzz_$name.swiftmodule" \
    "$@" "$build"/*.o "$build"/C*/*.o -emit-executable -use-ld=lld -lm -o "$build/$name"
}

is_fresh() {
  [ -x "$build/planner" ] &&
    [ -z "$(find Sources/Encoding Sources/ModelFormat Sources/CKernels Sources/CPosix Sources/Inference \
      Sources/Importers Tests/Fuzz/Targets Tests/Fuzz/Support Scripts/fuzz.sh -newer "$build/planner" -print -quit)" ]
}

compile() {
  rm -rf "$build"
  mkdir -p "$build"
  flags=()
  compilers=()
  c_module CKernels -ffp-contract=off -fno-math-errno -Wno-psabi
  c_module CPosix -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
  local module compiler
  for module in Encoding ModelFormat Inference Importers; do swift_module "$module"; done
  for compiler in "${compilers[@]}"; do wait "$compiler"; done
  local support=Tests/Fuzz/Support
  program tflite Tests/Fuzz/Targets/TFLiteTarget.swift
  program container Tests/Fuzz/Targets/ContainerTarget.swift "$support"/*Mut*.swift
  program planner Tests/Fuzz/Targets/PlannerTarget.swift "$support"/*.swift
}

# longest TARGET: bytes that an input has at most
longest() { if [ "$1" = tflite ]; then echo 98304; else echo 16384; fi; }

# seeds TARGET: the folders that a run starts from
seeds() {
  mkdir -p "$build/found/$1"
  local folder
  for folder in "$build/found/$1" "Tests/Fuzz/corpus/$1" "$build/seeds/$1"; do
    if [ -d "$folder" ]; then echo "$folder"; fi
  done
}

# Packages and images of the kept single-operator models, in today's format; and the shared models that are
# small enough to be changed often.
derive_seeds() {
  mkdir -p "$build"/seeds/{tflite,planner}
  BRAMBLE_FUZZ_MODELS=Tests/Fuzz/corpus/tflite BRAMBLE_FUZZ_SEEDS=$build/seeds/planner "$build/planner"
  ln -sfn planner "$build/seeds/container"
  [ -d "$shared" ] || return 0
  local model
  while IFS= read -r model; do
    cp -f "$model" "$build/seeds/tflite/$(basename "$(dirname "$model")")-$(basename "$model")"
  done < <(find "$shared" -name '*.tflite' -size -96k)
}

# Swift's backtraces and ASan's symbols would start programs of their own.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=${ASAN_OPTIONS:-symbolize=0:detect_leaks=0}

is_fresh || compile
derive_seeds
mkdir -p "$build/crashes"
status=0
for target in "${targets[@]}"; do
  mapfile -t folders < <(seeds "$target")
  log=$build/$target.log
  if ! "$build/$target" "${folders[@]}" -max_total_time=$((seconds / ${#targets[@]})) -timeout=20 \
    -rss_limit_mb=2048 -max_len="$(longest "$target")" -artifact_prefix="$build/crashes/$target-" -print_final_stats=1 \
    > "$log" 2>&1 < /dev/null; then
    status=1
    grep -aE 'ERROR|SUMMARY|Fatal|Test unit' "$log" >&2 || tail -n 20 "$log" >&2
  fi
  printf '%s: %s inputs, coverage %s\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(grep -aoE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -n 1)"
done
exit "$status"
