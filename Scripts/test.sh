#!/usr/bin/env bash
# Builds the agents and every test, then runs them: Scripts/test.sh [FILTER]
#
# Release, because the kernels' tests and the golden files take minutes otherwise; -enable-testing lets
# tests see internals. Suites run in parallel, but for those that run servers, whole fleets and emulated
# processors: they go one after the other, as two cores are soon too few for their deadlines.
set -euo pipefail
cd "$(dirname "$0")/.."

heavy='IntegrationTests|CrossArchitectureTests|LabTests|DeviceAgentTests|SSHTests'
filter=${1:-}
options=(-c release -Xswiftc -enable-testing --scratch-path .build-tests)
results=.build-tests/results

step() { printf '\n== %s (%s)\n' "$*" "$(date -u +%H:%M:%S)"; }

# run NAME ARGUMENT...: one run of the test program, its results in $results/NAME*.xml
run() {
  local name=$1
  shift
  swift test "${options[@]}" --skip-build --xunit-output "$results/$name.xml" "$@" || status=1
}

# How many tests there were in all result files, how many of them failed, how many were skipped.
counts() {
  cat "$results"/*.xml 2> /dev/null | awk '
    /<testcase / { tests++; open = 1 }
    /<failure |<error / { if (open) { failed++; open = 0 } }
    /<skipped/ { skipped++ }
    END { print tests + 0, failed + 0, skipped + 0 }'
}

step "agents for every kind of Pi"
Scripts/agents.sh
step "format"
Scripts/lint.sh
step "tests: building"
swift build "${options[@]}" --build-tests

rm -rf "$results"
mkdir -p "$results"
status=0
fuzzed=0
if [ -n "$filter" ]; then
  step "tests that match $filter"
  run filtered --no-parallel --filter "$filter"
else
  step "tests in parallel"
  run parallel --parallel --skip "$heavy"
  step "tests with servers, fleets and emulated processors, one after the other"
  run serial --no-parallel --filter "$heavy"
fi

if [ -z "$filter" ]; then
  step "broken files, for a minute"
  Scripts/fuzz.sh 60 || fuzzed=1
fi

read -r tests failed skipped < <(counts)
if [ "$tests" -eq 0 ]; then
  echo "no test was run" >&2
  status=1
fi
# A run that died before it wrote its results has a failure that no file counts.
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
step "all tests"
printf '%d passed, %d failed, %d skipped\n' $((tests - failed - skipped)) "$failed" "$skipped"
[ "$fuzzed" -eq 0 ] || echo "an input broke a reader: see above" >&2
exit $((status | fuzzed))
