#!/bin/sh
# Builds bramble-agent for every kind of Pi and for this machine into Agents/build/.
#
#   Agents/build.sh [aarch64|armv7|armv6|host]...     (all of them when none is named)
#
# The ARM agents are Embedded Swift, linked statically against Debian's cross glibc. SwiftPM takes
# the settings from a toolset file that is written here on every run, because it has to name where
# this machine keeps its toolchain and its libgcc. Linker options of a toolset would reach the
# driver behind -Xlinker, so those for clang stand with the Swift compiler's options.
#
# Embedded Swift emits a function into every module that calls it, and numbers the constant arrays that it takes
# out of them in each module anew, under the same weak names: a function then gets another's array (6.3.1; seen).
# The pass that takes them out is therefore off, and every build is looked through for what it would leave.
set -eu
cd "$(dirname "$0")/.."

out=Agents/build
limit=$((2 * 1024 * 1024))
mkdir -p "$out"

say() { printf '%s\n' "$*"; }
fail() {
  printf 'Agents/build.sh: %s\n' "$*" >&2
  exit 1
}

toolchain=$(swiftc -print-target-info |
  sed -n 's/.*"runtimeResourcePath": *"\(.*\)".*/\1/p')
[ -d "$toolchain/embedded" ] ||
  fail "the toolchain at $toolchain has no 'embedded' folder; install Swift 6.3 or later"
host=$(uname -m)

# quoted A B C -> "A","B","C"
quoted() {
  list=
  for word; do list="$list${list:+,}\"$word\""; done
  printf '%s' "$list"
}

# toolset FILE TRIPLE GNU-TARGET GCC-DIRECTORY SYSROOT-INCLUDE [C OPTION]...
toolset() {
  file=$1 triple=$2 target=$3 gcc=$4 include=$5
  shift 5
  clang_options=
  for option in "--target=$target" -static -fuse-ld=lld ${gcc:+"--gcc-install-dir=$gcc"} \
    "$toolchain/embedded/$triple/libswiftUnicodeDataTables.a"; do
    clang_options="$clang_options -Xclang-linker $option"
  done
  # shellcheck disable=SC2086  # the options are words without blanks
  cat > "$file.new" <<JSON
{
  "schemaVersion": "1.0",
  "swiftCompiler": {
    "extraCLIOptions": [$(quoted -enable-experimental-feature Embedded -wmo -Osize -Xllvm -sil-disable-pass=object-outliner -Xfrontend -function-sections \
      -Xfrontend -disable-stack-protector $clang_options)]
  },
  "cCompiler": {
    "extraCLIOptions": [$(quoted "--target=$target" ${include:+"-I$include"} -ffunction-sections -fdata-sections -DBRAMBLE_STATIC_GLIBC "$@")]
  },
  "linker": { "extraCLIOptions": [$(quoted -lm --gc-sections -s)] }
}
JSON
  # An unchanged toolset keeps its date, so that an unchanged tree is built again in a second.
  if cmp -s "$file.new" "$file"; then rm "$file.new"; else mv "$file.new" "$file"; fi
}

# cross NAME TRIPLE GNU-TARGET GCC-PACKAGE LIBC-PACKAGE [C OPTION]...
cross() {
  name=$1 triple=$2 target=$3 gcc_package=$4 libc_package=$5
  shift 5
  command -v "$target-gcc" > /dev/null ||
    fail "$target-gcc is missing: apt-get install $gcc_package $libc_package"
  [ -f "/usr/$target/include/stdint.h" ] ||
    fail "the C headers for $target are missing: apt-get install $libc_package"
  gcc=$(dirname "$("$target-gcc" -print-libgcc-file-name)")
  toolset "$out/$name.json" "$triple" "$target" "$gcc" "/usr/$target/include" "$@"
  compile "$name" "$triple"
}

# compile NAME TRIPLE
compile() {
  log="$out/$1.log"
  scratch=.build-agents-$1
  if ! swift build -c release --product bramble-agent --triple "$2" --toolset "$out/$1.json" \
    --scratch-path "$scratch" --disable-sandbox > "$log" 2>&1; then
    cat "$log" >&2
    fail "the agent for $1 was not built"
  fi
  check_arrays "$scratch/$2/release/bramble-agent.product/Objects.LinkFileList"
  install_agent "$1" "$scratch/$2/release/bramble-agent"
}

# check_arrays FILE-OF-OBJECTS: fails where one of them holds a constant array that was taken out of a function
# (the symbol of the function, then Tv, a number and _r).
check_arrays() {
  objects=$(tr -d "'\"" < "$1")
  [ -n "$objects" ] || fail "$1 lists no objects"
  # shellcheck disable=SC2086  # paths of the build have no blanks
  arrays=$(nm -A --defined-only $objects | grep 'Tv[0-9]*_r$' | head -n 5) || true
  [ -z "$arrays" ] || fail "constant arrays stand apart from their functions, where the linker mixes them up:
$arrays"
}

# install_agent NAME EXECUTABLE
install_agent() {
  if ! cmp -s "$2" "$out/bramble-agent-$1"; then
    cp "$2" "$out/bramble-agent-$1.new"
    mv "$out/bramble-agent-$1.new" "$out/bramble-agent-$1"
  fi
  size=$(wc -c < "$out/bramble-agent-$1")
  [ "$size" -lt "$limit" ] ||
    fail "bramble-agent-$1 has $size bytes, more than the $limit that an agent may have"
  say "$(printf '%-8s %8d bytes  %s' "$1" "$size" "$out/bramble-agent-$1")"
}

for_host() {
  case $host in
    x86_64)
      toolset "$out/x86_64.json" x86_64-unknown-linux-gnu x86_64-linux-gnu "" "" -DBK_SMALL_SCALAR
      compile x86_64 x86_64-unknown-linux-gnu
      ;;
    aarch64 | arm64) build_one aarch64 ;;
    *) fail "no agent can be built for a host of kind $host" ;;
  esac
}

build_one() {
  case $1 in
    aarch64)
      cross aarch64 aarch64-none-none-elf aarch64-linux-gnu gcc-aarch64-linux-gnu libc6-dev-arm64-cross
      ;;
    armv7)
      cross armv7 armv7-none-none-eabi arm-linux-gnueabi gcc-arm-linux-gnueabi libc6-dev-armel-cross \
        -march=armv7-a -mfpu=neon -mfloat-abi=softfp
      ;;
    armv6)
      cross armv6 armv6-none-none-eabi arm-linux-gnueabi gcc-arm-linux-gnueabi libc6-dev-armel-cross \
        -march=armv6 -mfpu=vfp -mfloat-abi=softfp
      ;;
    host | x86_64) for_host ;;
    *) fail "unknown agent '$1': aarch64, armv7, armv6 or host" ;;
  esac
}

[ $# -gt 0 ] || set -- aarch64 armv7 armv6 host
for name; do build_one "$name"; done
