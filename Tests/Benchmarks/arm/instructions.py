"""How many instructions one inference executes on each core, counted under QEMU's user mode.

    instructions.py SHARED BRAMBLE_BENCH AGENTS

QEMU logs every block of instructions that it translates and every block that it enters; the agent runs a window once
and then twice, and the difference is an inference. One thread. The same on every run and host.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

# (core, agent, emulator, device class)
CORES = [
    ("cortex-a53", "aarch64", "qemu-aarch64-static", "aarch64-neon"),
    ("cortex-a72", "aarch64", "qemu-aarch64-static", "aarch64-neon"),
    ("cortex-a76", "aarch64", "qemu-aarch64-static", "aarch64-neon"),
    ("cortex-a7", "armv7", "qemu-arm-static", "armv7-neon"),
    ("arm1176", "armv6", "qemu-arm-static", "armv6"),
]


def models(shared):
    """Every network's forms, but those that differ from another in their values or their file alone."""
    files = sorted(Path(shared).glob("models/*/*.tflite")) + sorted(Path(shared).glob("mlperf-tiny/*/*.tflite"))
    return [file for file in files if "while" not in file.stem and "pruned" not in file.stem]


def executed(counter, core, emulator, agent, image, window, repeat):
    """Instructions of a whole run of the agent."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        subprocess.run(["mkfifo", str(log)], check=True)
        counting = subprocess.Popen(f"exec {counter} < {log}", shell=True, stdout=subprocess.PIPE, text=True)
        command = [emulator, "-cpu", core, "-d", "exec,nochain,in_asm", "-D", str(log), str(agent), "infer"]
        command += ["--image", image, "--input", window, "--threads", "1", "--repeat", str(repeat)]
        result = subprocess.run(command, capture_output=True, text=True)
        total = counting.communicate()[0]
        if result.returncode:
            raise RuntimeError(f"{core}: {result.stderr}")
        return int(total)


def collect(shared, bench, agents):
    """Rows: model, multiply-accumulates in millions, then instructions in millions for each core."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        counter = f"{folder}/count"
        subprocess.run(["cc", "-O2", "-o", counter, str(Path(__file__).with_name("count.c"))], check=True)
        for file in models(shared):
            window = f"{folder}/window"
            classes = sorted({core[3] for core in CORES})
            asked = [f"window {window}", "cost"] + [f"image {folder}/{name} {name}" for name in classes]
            result = subprocess.run([bench, str(file)], input="\n".join(asked) + "\n", capture_output=True, text=True)
            if result.returncode:
                raise SystemExit(f"{file}: {result.stderr}")
            products = sum(int(n) for n in re.findall(r'"macs":(\d+)', result.stdout))
            row = [f"{file.parent.name}/{file.stem}", f"{products / 1e6:.2f}"]
            for core, agent, emulator, name in CORES:
                program = Path(agents) / f"bramble-agent-{agent}"
                runs = [executed(counter, core, emulator, program, f"{folder}/{name}", window, n) for n in (1, 2)]
                row.append(f"{(runs[1] - runs[0]) / 1e6:.2f}")
            rows.append(row)
            print("  ".join(row), file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    collect(*sys.argv[1:4])
