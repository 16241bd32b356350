#!/usr/bin/env bash
# Builds the agents, two at a time: whole-module builds keep one core busy each.
set -euo pipefail
cd "$(dirname "$0")/.."

others=(armv6)
[ "$(uname -m)" != x86_64 ] || others+=(host)
echo "building the agents for aarch64, armv7, ${others[*]} (minutes the first time, seconds later)"
Agents/build.sh aarch64 armv7 &
first=$!
trap 'kill "$first" 2> /dev/null || true' EXIT
Agents/build.sh "${others[@]}"
wait "$first"
trap - EXIT
