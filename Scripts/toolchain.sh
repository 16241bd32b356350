# Sourced by the other scripts: finds the Swift toolchain, or installs it with swiftly.

wanted_swift=6.3
swiftly_home=${SWIFTLY_HOME_DIR:-$HOME/.local/share/swiftly}
swiftly_bin=${SWIFTLY_BIN_DIR:-$swiftly_home/bin}
swiftly_source=${SWIFTLY_SOURCE:-https://download.swift.org/swiftly/linux}

# A toolchain that was installed by an earlier run but is not in this shell's path yet.
if ! command -v swift > /dev/null && [ -x "$swiftly_bin/swift" ]; then
  export SWIFTLY_HOME_DIR=$swiftly_home SWIFTLY_BIN_DIR=$swiftly_bin PATH=$swiftly_bin:$PATH
fi

# Whether `swift` is there and new enough for Embedded Swift with typed errors.
has_toolchain() {
  local version
  command -v swift > /dev/null || return 1
  version=$(swift --version 2> /dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  [ -n "$version" ] && [ "$(printf '%s\n%s\n' "$wanted_swift" "$version" | sort -V | head -n 1)" = "$wanted_swift" ]
}

# Installs the toolchain for this user, and what it needs of the system, after saying so.
install_toolchain() {
  local work
  say "Swift $wanted_swift or later is missing: installing it for $(id -un) with swiftly into $swiftly_home"
  command -v curl > /dev/null && command -v gpg > /dev/null ||
    install_packages curl ca-certificates gnupg
  work=$(mktemp -d)
  curl -fsSL "$swiftly_source/swiftly-$(uname -m).tar.gz" -o "$work/swiftly.tar.gz" ||
    fail "swiftly could not be fetched from $swiftly_source; install Swift $wanted_swift by hand"
  tar -xzf "$work/swiftly.tar.gz" -C "$work"
  export SWIFTLY_HOME_DIR=$swiftly_home SWIFTLY_BIN_DIR=$swiftly_bin PATH=$swiftly_bin:$PATH
  "$work/swiftly" init --assume-yes --quiet-shell-followup --skip-install
  "$swiftly_bin/swiftly" install --assume-yes --use --post-install-file "$work/packages.sh" "$wanted_swift"
  if [ -s "$work/packages.sh" ]; then
    say "installing the system packages that this toolchain asks for"
    as_root env DEBIAN_FRONTEND=noninteractive sh "$work/packages.sh"
  fi
  rm -rf "$work"
  has_toolchain || fail "swiftly ended without a toolchain; install Swift $wanted_swift by hand"
}
