#!/usr/bin/env bash
# The main job from nothing to a rollback, on three devices that live on this machine. `make demo` runs it.
#
#   DEMO_QUOTA=1   every device runs this machine's own programs, and one of them gets little processor time
#                  before the second rollout: that one breaks the budget then, not an emulated processor
#   DEMO_KEEP=1    leave the fleet and the workspace for a look around; says how to take them down
#
# Everything below is what a user would type. Whatever happens, nothing is left running.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
source Scripts/toolchain.sh
source Demo/steps.sh

# What `make demo` built, or what lies elsewhere.
bin=${BRAMBLE_BIN:-$(swift build -c release --show-bin-path)}
agents=${BRAMBLE_AGENTS:-$repository/Agents/build}
PATH=$bin:$PATH
place=$(mktemp -d "${TMPDIR:-/tmp}/bramble-demo.XXXX")
declare -A userland address hostkey root socket feeders
names=(desk hall kitchen)

clean_up() {
  local status=$?
  trap - EXIT INT TERM HUP
  for id in "${feeders[@]}"; do kill "$id" 2> /dev/null || true; done
  for id in "${feeders[@]}"; do wait "$id" 2> /dev/null || true; done
  if [ -n "${DEMO_KEEP:-}" ] && [ "$status" -eq 0 ]; then
    note "kept: cd $place/farm; and in the end: $bin/bramble-lab down $place/lab && rm -r $place"
  else
    if [ -e "$place/lab/lab.json" ]; then bramble-lab down "$place/lab" || status=1; fi
    rm -rf "$place"
    if [ -n "${root[desk]:-}" ] && left=$(pgrep -af -- "${root[desk]%/desk/root}"); then
      printf 'demo: still running:\n%s\n' "$left" >&2
      status=1
    fi
  fi
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

title "A fleet of three devices, each with an SSH server of its own"
devices=(desk hall=armv7 kitchen=aarch64)
if [ -n "${DEMO_QUOTA:-}" ]; then devices=(desk hall kitchen); fi
bramble-lab up "$place/lab" "${devices[@]}" > "$place/devices"
while IFS=$'\t' read -r name kind where key state folder; do
  userland[$name]=$kind address[$name]=$where hostkey[$name]=$key root[$name]=$folder
  printf '  %-8s %-8s %-26s %s\n' "$name" "$kind" "$where" "$state"
done < "$place/devices"
budget=1s slow="emulated processors"
if [ -n "${DEMO_QUOTA:-}" ]; then
  slow="a device with little processor time"
elif [ "${userland[kitchen]}" = host ]; then
  budget=2ms slow="a budget of $budget"
  note "nothing is emulated here, so the second rollout gets a budget of $budget instead of 1 s"
fi

title "Register them in a new workspace, host keys checked, and put the agent on them"
cd "$place"
run bramble init farm
cd farm
for name in "${names[@]}"; do
  run bramble device add "$name" "${address[$name]}" --tag "${userland[$name]}" \
    --identity ../lab/identity --host-key "${hostkey[$name]}"
done
run bramble agent install --agents "$agents"
run bramble device list

title "Bring in the network and compress it; the devices' own runtime judges what it costs"
quietly motion-windows splits ../motion
quietly motion-windows stream --device 1 --count 150 ../motion/probe.npz
cp "$repository"/Demo/models/*.tflite .
run bramble model add motion-lstm.tflite --name motion --labels walking,stairs,rest \
  --decision "argmax(mean(output, over: time))"
run bramble model show motion
run bramble compress motion --recipe float16 --recipe dynamic-int8 --evaluate ../motion/test.npz

title "Roll out the int8 variant: one canary, then the others"
run bramble rollout start motion@dynamic-int8 --canary 1 --wave 100% --min-accuracy 0.9 --yes

title "Sensors ask for predictions; the truth about some of them comes a little later"
number=0
for name in "${names[@]}"; do
  number=$((number + 1))
  drift=0
  if [ "$name" = hall ]; then drift=0.7; fi
  quietly motion-windows stream --device "$number" --drift "$drift" --count 90 "../motion/$name.npz"
  socket[$name]=$(find_socket "${root[$name]}")
  show python3 replay.py "$name.npz" --speed 10 --feedback 2
  PYTHONUNBUFFERED=1 python3 "$repository/Agents/clients/python/replay.py" "../motion/$name.npz" \
    --socket "${socket[$name]}" --speed 10 --feedback 2 --timeout 60 --verbose > "../$name.log" 2>&1 &
  feeders[$name]=$!
done
await_feeders
run bramble telemetry collect
run bramble telemetry show
ask > ../before

title "Roll out a network that is too large for ${slow}"
run bramble model add motion-oversized.tflite --name oversized --labels walking,stairs,rest
if [ -n "${DEMO_QUOTA:-}" ]; then
  show bramble-lab throttle lab kitchen 0.004
  bramble-lab throttle "$place/lab" kitchen 0.004
fi
run bramble compress oversized --recipe float32 --evaluate ../motion/probe.npz --probe-windows 24
expect 3 bramble rollout start oversized@float32 --canary 1 --wave 100% --budget "$budget" --yes
run bramble rollout status

title "Proof: every device answers with the variant that it had before"
run bramble agent status
ask > ../after
indented < ../after
if ! cmp -s <(cut -c1-21 ../before) <(cut -c1-21 ../after); then
  printf 'demo: the variants before were\n%s\n' "$(cat ../before)" >&2
  exit 1
fi
title "Done: the fleet is taken down again"
