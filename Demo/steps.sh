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

indented() { sed 's/^/  /'; }

# find_socket ROOT: where the agent of the device with this root folder listens for sensor programs
find_socket() {
  local place
  for place in home/pi/.bramble var/lib/bramble; do
    if [ -S "$1/$place/run/infer.sock" ]; then
      printf '%s\n' "$1/$place/run/infer.sock"
      return
    fi
  done
  printf 'demo: no agent listens under %s\n' "$1" >&2
  exit 1
}

# How far each sensor program is, until all have ended.
await_feeders() {
  local name running=true
  printf '\n'
  while $running; do
    running=false
    for name in "${names[@]}"; do
      if kill -0 "${feeders[$name]}" 2> /dev/null; then running=true; fi
      [ ! -t 1 ] || printf '  %s %d/90' "$name" "$(grep -c ' ms$' "../$name.log")"
    done
    [ ! -t 1 ] || printf '\r'
    ! $running || sleep 0.5
  done
  for name in "${names[@]}"; do
    if ! wait "${feeders[$name]}"; then
      tail -n 3 "../$name.log" >&2
      printf 'demo: the sensor program of %s failed\n' "$name" >&2
      exit 1
    fi
    printf '  %-8s %s\n' "$name" "$(tail -n 1 "../$name.log")"
  done
  feeders=()
}

# One prediction from every device: which variant answers, and what.
ask() {
  local name devices=()
  for name in "${names[@]}"; do devices+=("$name=${socket[$name]}"); done
  python3 "$repository/Demo/ask.py" ../motion/desk.npz "${devices[@]}"
}
