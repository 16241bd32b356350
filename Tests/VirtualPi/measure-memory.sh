#!/bin/sh
# Measures what the agent takes on a whole (virtual) Raspberry Pi with a model loaded.
#
#   measure-memory.sh AGENT MANIFEST OBJECT... -- SSH-COMMAND...
#
# AGENT is bramble-agent for the Pi, OBJECT are the files that `bramble compress` made for the
# variant, and SSH-COMMAND reaches the Pi as root. Needs python3 here.
set -eu
usage() {
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
}
[ $# -ge 4 ] || usage
agent=$1
shift
objects=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  objects="$objects $1"
  shift
done
[ $# -gt 1 ] || usage
shift
client=$(dirname "$0")/../../Agents/clients/python
"$@" 'cat > /root/bramble-agent.new && chmod 755 /root/bramble-agent.new && /root/bramble-agent.new setup' < "$agent"
# shellcheck disable=SC2086  # paths without blanks
PYTHONPATH=$client python3 "$(dirname "$0")/measure_memory.py" $objects -- "$@"
