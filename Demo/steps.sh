# Sourced by run.sh: how it shows what it does.

started=$SECONDS
step=0

bold() { if [ -t 1 ]; then printf '\033[1m%s\033[0m\n' "$*"; else printf '%s\n' "$*"; fi; }

title() {
  step=$((step + 1))
  printf '\n'
  bold "$step. $* ($((SECONDS - started)) s)"
}

note() { printf '  note: %s\n' "$*"; }

# show WORD...: the command as one would type it
show() {
  local word line=
  for word; do
    case $word in
      *[\ \(\)\;\&]*) line+=" \"$word\"" ;;
      *) line+=" $word" ;;
    esac
  done
  printf '\n$%s\n' "$line"
}

# run WORD...: show it and do it; it must succeed
run() { expect 0 "$@"; }

# expect STATUS WORD...: show it and do it; it must end with that status
expect() {
  local wanted=$1 status=0
  shift
  show "$@"
  "$@" || status=$?
  if [ "$status" -ne "$wanted" ]; then
    printf 'demo: %s ended with status %d, not %d\n' "$1 ${2:-}" "$status" "$wanted" >&2
    exit 1
  fi
  [ "$wanted" -eq 0 ] || printf '(exit status %d)\n' "$status"
}

# quietly WORD...: only an error is shown
quietly() {
  local output
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" >&2
    exit 1
  }
}
