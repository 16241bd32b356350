#!/usr/bin/env bash
# Installs what building, testing and the demonstration need, and says what. Changes nothing when all is there.
#
#   Scripts/setup.sh            install what is missing (through sudo when not root)
#   Scripts/setup.sh --check    only say what is missing; exit status 1 when something is
#   Scripts/setup.sh --arm-models   also what Tests/Benchmarks/arm takes
#
# Knows the package names of Debian 12 and Ubuntu 24.04.
set -euo pipefail
cd "$(dirname "$0")/.."
source Scripts/toolchain.sh

packages=(
  # building: libraries that Swift links with, and what SwiftPM calls
  git make gcc g++ libc6-dev binutils pkg-config libssh-dev libsqlite3-dev
  # the agents for ARM
  gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-linux-gnueabi libc6-dev-armel-cross
  # the lab: devices on this machine, and ARM programs on it
  openssh-server openssh-client qemu-user-static iproute2 util-linux procps
  # sensor clients; the benchmark's and the training's peers come into a virtual environment
  python3 python3-venv
)
busyboxes=(aarch64:arm64 armv7:armhf armv6:armel)
cache=${BRAMBLE_LAB_CACHE:-/var/cache/bramble-lab}
check=false
[ "${1:-}" = --check ] && check=true
[ "${1:-}" = --arm-models ] && packages+=(llvm-19)

say() { printf 'setup: %s\n' "$*"; }
fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    if [ -n "${CI:-}" ]; then sudo -n "$@"; else sudo "$@"; fi
  else
    fail "root rights are needed for: $* (there is no sudo here)"
  fi
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

missing_packages() {
  for package in "${packages[@]}"; do is_installed "$package" || echo "$package"; done
}

# busybox NAME: 0 when the ARM userland NAME is there
has_busybox() { [ -s "$cache/busybox-$1" ]; }

install_packages() {
  say "installing with apt-get: $*"
  local quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
  # An unreachable third-party source is no reason to stop: the install below tells what is not to be had.
  as_root "${quiet[@]}" update > /dev/null 2>&1 || say "apt-get update had complaints; going on"
  local guard=/usr/sbin/policy-rc.d guarded=false
  if [[ " $* " == *" openssh-server "* ]] && ! [ -e "$guard" ]; then
    say "openssh-server is for the lab's own devices: the system's SSH service stays off"
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$guard" > /dev/null
    as_root chmod 755 "$guard"
    guarded=true
  fi
  local status=0
  as_root "${quiet[@]}" install -y --no-install-recommends "$@" > /dev/null || status=$?
  if $guarded; then
    as_root rm -f "$guard"
    if command -v systemctl > /dev/null; then
      as_root systemctl disable ssh.service ssh.socket > /dev/null 2>&1 || true
    fi
  fi
  [ "$status" -eq 0 ] || fail "apt-get could not install: $*"
}

# fetch_busybox NAME ARCHITECTURE
#
# With package lists of its own, so that this machine's list of architectures stays as it is. Debian's
# mirrors hold every architecture; Ubuntu keeps ARM apart, so there it works once the machine's own
# sources name that archive.
fetch_busybox() {
  local name=$1 architecture=$2 work
  work=$(mktemp -d)
  mkdir -p "$work"/{lists,cache/archives}/partial
  : > "$work/status"
  local options=(
    -qq -o "APT::Architecture=$architecture" -o "APT::Architectures=$architecture"
    -o "Dir::State::lists=$work/lists" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
    -o APT::Sandbox::User=root
  )
  apt-get "${options[@]}" update > /dev/null 2>&1 || true
  if (cd "$work" && apt-get "${options[@]}" download busybox-static > /dev/null 2>&1) &&
    dpkg -x "$work"/busybox-static_*.deb "$work/files"; then
    as_root mkdir -p "$cache"
    as_root install -m 755 "$work/files/bin/busybox" "$cache/busybox-$name" 2> /dev/null ||
      as_root install -m 755 "$work/files/usr/bin/busybox" "$cache/busybox-$name"
  else
    say "there is no busybox-static for $architecture here: the lab goes without $name devices"
  fi
  rm -rf "$work"
}

if ! command -v apt-get > /dev/null; then
  say "this is neither Debian nor Ubuntu; see that these are there under your system's names: ${packages[*]}"
  command -v swift > /dev/null || fail "swift is missing"
  exit 0
fi

mapfile -t missing < <(missing_packages)
userlands=()
for pair in "${busyboxes[@]}"; do has_busybox "${pair%%:*}" || userlands+=("$pair"); done

if $check; then
  [ ${#missing[@]} -eq 0 ] || say "missing packages: ${missing[*]}"
  [ ${#userlands[@]} -eq 0 ] || say "missing ARM userlands: ${userlands[*]%%:*}"
  has_toolchain || say "missing: Swift $wanted_swift or later"
  [ ${#missing[@]} -eq 0 ] && has_toolchain
  exit
fi

[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
for pair in "${userlands[@]}"; do
  # armel is Debian's alone, so ask for it only there.
  if [ "${pair##*:}" = armel ] && ! grep -qx 'ID=debian' /etc/os-release; then continue; fi
  say "fetching busybox for the lab's ${pair%%:*} devices into $cache"
  fetch_busybox "${pair%%:*}" "${pair##*:}"
done
has_toolchain || install_toolchain
