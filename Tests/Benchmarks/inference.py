"""Measures our runtime beside LiteRT and ONNX Runtime on every shared model and writes inference.json.

All runtimes hold the same model at the same time and run in turn (A B C A B C ...), so that a machine that others
share disturbs all alike; a ratio is the median over the turns of ours / theirs. From the file, results.py makes the table.

    inference.py SHARED BRAMBLE_BENCH BRAMBLE_LIMITS BRAMBLE_AGENT OUTPUT.json [FILTER]
"""

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

import agent
import limits
import models
import runners

THREADS = [1, 2]
TURNS = 11
TURN_SECONDS = 0.06


def start_all(entry, program):
    """Every runtime that takes this model, at each count of threads, and why the others do not."""
    started, refused = [], dict(entry.missing)
    for threads in THREADS:
        started.append(runners.ours(program, entry.file, threads))
        for name, file in entry.peers.items():
            try:
                started.append(runners.peer(name, file, threads))
            except runners.CannotRun as refusal:
                refused[name] = str(refusal)
    return started, refused


def take_turns(started):
    """The median latency of each runner in each turn."""
    counts = {}
    for runner in started:
        once = statistics.median(runner.time(7))
        counts[runner] = max(5, min(3000, int(TURN_SECONDS * 1e6 / once)))
        runner.time(counts[runner] // 2 + 1)
        runner.latencies.clear()
    turns = {runner: [] for runner in started}
    for _ in range(TURNS):
        for runner in started:
            turns[runner].append(statistics.median(runner.time(counts[runner])))
    return turns


def p99(latencies):
    return sorted(latencies)[int(len(latencies) * 0.99)]


def describe(entry, started, turns, program, machine, scratch):
    """One object for each peer and count of threads."""
    ours = {runner.threads: runner for runner in started if runner.name == "bramble"}
    layers = json.loads(" ".join(ours[1].ask("cost")))
    image = scratch / "image"
    image_bytes, arena_bytes = (int(word) for word in ours[1].ask(f"image {image}"))
    window = scratch / "window"
    ours[1].ask(f"window {window}")
    of_agent = {
        threads: {
            "ours_rss_kib": agent.peak_resident_kib(program, image, window, threads),
            "ours_answer_us": round(agent.start_to_answer_us(program, image, window, threads), 1),
        }
        for threads in THREADS
    }
    records = []
    for runner in started:
        if runner.name == "bramble":
            continue
        own = ours[runner.threads]
        records.append({
            "model": entry.model,
            "variant": entry.variant,
            "kind": entry.kind,
            "threads": runner.threads,
            "peer": runner.name,
            "ours_us": round(statistics.median(turns[own]), 2),
            "peer_us": round(statistics.median(turns[runner]), 2),
            "ratio": round(statistics.median(a / b for a, b in zip(turns[own], turns[runner])), 3),
            "limit_us": round(limits.limit_us(layers, machine, runner.threads), 2),
            "ours_p99_us": round(p99(own.latencies), 2),
            "peer_p99_us": round(p99(runner.latencies), 2),
            "ours_first_us": round(own.first_us, 1),
            "peer_first_us": round(runner.first_us, 1),
            **of_agent[runner.threads],
            "peer_rss_kib": int(runner.ask("memory")[0]),
            "ours_bytes": image_bytes,
            "arena_bytes": arena_bytes,
            "peer_bytes": entry.peers[runner.name].stat().st_size,
        })
    return records


def cpu_name():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def main():
    shared, program, limit_program, agent_program, output = map(Path, sys.argv[1:6])
    wanted = sys.argv[6] if len(sys.argv) > 6 else ""
    machine = json.loads(subprocess.check_output([limit_program]))
    records, refusals = [], []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for entry in models.measured(shared, scratch):
            if wanted not in f"{entry.model}/{entry.variant}":
                continue
            began = time.monotonic()
            started, refused = start_all(entry, program)
            turns = take_turns(started)
            records += describe(entry, started, turns, agent_program, machine, scratch)
            refusals += [f"{name}: {entry.model} {entry.variant}: {why}" for name, why in refused.items()]
            for runner in started:
                runner.close()
            for record in records[-len(started) + len(THREADS):]:
                print(
                    "{model:12} {variant:18} {threads} {peer:15} ours {ours_us:9.1f}  peer {peer_us:9.1f}"
                    "  ratio {ratio:5.2f}  limit {limit_us:8.1f}".format(**record), flush=True)
            print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    output.write_text("[\n" + ",\n".join(json.dumps(record) for record in records) + "\n]\n")
    conditions = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"), "cpu": cpu_name(), "limits": machine,
        "refusals": refusals,
    }
    output.with_suffix(".conditions.json").write_text(json.dumps(conditions, indent=1) + "\n")


main()
