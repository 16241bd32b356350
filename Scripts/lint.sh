#!/usr/bin/env bash
# Checks the format of every tracked or new Swift file; with --fix, mends it.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -d '' -t files < <(git ls-files -z --cached --others --exclude-standard -- '*.swift' |
  while IFS= read -r -d '' file; do if [ -f "$file" ] && ! [ -L "$file" ]; then printf '%s\0' "$file"; fi; done)
if [ "${1:-}" = --fix ]; then
  swift format format --in-place --parallel "${files[@]}"
else
  swift format lint --strict --parallel "${files[@]}"
  echo "lint: ${#files[@]} files are in format"
fi
