"""Prints the median latency of our runtime beside LiteRT's for the shared float models.

Both run the same file in turn (A B A B ...), one thread each, so that a noisy machine disturbs both
alike; the ratio is the median over the turns of ours / theirs.

    latency.py SHARED BRAMBLE_BENCH
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy
from ai_edge_litert.interpreter import Interpreter

MODELS = ["lstm-encdec", "transformer", "cnn1d", "dscnn2d", "autoencoder"]
VARIANTS = ["model", "model-fp16", "model-dynint8"]
TINY = ["ad/ad_float32", "ic/ic_float32", "kws/kws_float32", "vww/vww_float32"]
TURNS = 9
TURN_SECONDS = 0.15


class Ours:
    """A bramble-bench process that holds one model."""

    def __init__(self, program, file):
        self.process = subprocess.Popen(
            [program, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit(f"{program} could not prepare {file}")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]

    def time(self, count):
        return self.ask(f"time {count}")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class LiteRT:
    """The same file in LiteRT with its default delegate (XNNPACK)."""

    def __init__(self, file):
        self.interpreter = Interpreter(model_path=file, num_threads=1)
        self.interpreter.allocate_tensors()
        detail = self.interpreter.get_input_details()[0]
        random = numpy.random.default_rng(1)
        values = random.uniform(-1, 1, detail["shape"]).astype(detail["dtype"])
        self.interpreter.set_tensor(detail["index"], values)

    def time(self, count):
        latencies = []
        for _ in range(count):
            start = time.perf_counter_ns()
            self.interpreter.invoke()
            latencies.append((time.perf_counter_ns() - start) / 1000)
        return latencies


def runs_for(runner):
    """As many runs as fill one turn."""
    runner.time(5)
    once = statistics.median(runner.time(5))
    return max(5, min(5000, int(TURN_SECONDS * 1e6 / once)))


def compare(program, file):
    """Medians of ours and theirs in microseconds, and the median ratio."""
    ours, theirs = Ours(program, file), LiteRT(file)
    counts = runs_for(ours), runs_for(theirs)
    turns = []
    for _ in range(TURNS):
        turns.append(
            (statistics.median(ours.time(counts[0])), statistics.median(theirs.time(counts[1])))
        )
    ours.close()
    return (
        statistics.median(turn[0] for turn in turns),
        statistics.median(turn[1] for turn in turns),
        statistics.median(turn[0] / turn[1] for turn in turns),
    )


def main():
    shared, program = Path(sys.argv[1]), sys.argv[2]
    files = [(f"{m} {v}", shared / "models" / m / f"{v}.tflite") for m in MODELS for v in VARIANTS]
    files += [(name, shared / "mlperf-tiny" / f"{name}.tflite") for name in TINY]
    print(f"{'median latency, one thread':32} {'ours us':>10} {'LiteRT us':>10} {'ratio':>6}")
    for name, file in files:
        if not file.exists():
            continue
        ours, theirs, ratio = compare(program, str(file))
        print(f"{name:32} {ours:10.1f} {theirs:10.1f} {ratio:6.2f}", flush=True)


main()
