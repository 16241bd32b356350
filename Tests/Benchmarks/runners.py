"""Processes that hold one model each and answer requests, one line for one line."""

import subprocess
import sys
from pathlib import Path

PEERS = ["litert-xnnpack", "litert-builtin", "onnxruntime"]


class Runner:
    """A runtime with one model at one count of threads."""

    def __init__(self, name, threads, command):
        self.name, self.threads = name, threads
        self.latencies = []
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        ready = self.process.stdout.readline().split()
        if len(ready) != 2 or ready[0] != "ready":
            raise CannotRun(self.close().strip().splitlines()[-1:] or ["it said nothing"])
        self.first_us = float(ready[1])

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if not answer:
            raise CannotRun(self.close().strip().splitlines()[-1:] or ["it ended"])
        return answer

    def time(self, count):
        """The latencies of `count` runs in microseconds."""
        latencies = [float(word) for word in self.ask(f"time {count}")]
        self.latencies += latencies
        return latencies

    def close(self):
        self.process.stdin.close()
        complaint = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        self.process.wait()
        return complaint


class CannotRun(Exception):
    """The runtime refuses the model; the text is its last word."""


def ours(program, file, threads):
    return Runner("bramble", threads, [str(program), str(file), str(threads)])


def peer(name, file, threads):
    script = Path(__file__).with_name("peer.py")
    return Runner(name, threads, [sys.executable, str(script), name, str(threads), str(file)])

