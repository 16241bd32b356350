"""How many instructions one inference executes on each core, counted under QEMU's user mode.

    instructions.py SHARED BRAMBLE_BENCH AGENTS

QEMU logs every block of instructions that it translates and every block that it enters; the agent runs a window once
and then twice, and the difference is an inference. One thread. The same on every run and host.
"""

import re
import struct
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
MODELS = [
    "models/lstm-encdec/model", "models/lstm-encdec/model-dynint8", "models/lstm-encdec/model-int8",
    "models/transformer/model", "models/transformer/model-dynint8", "models/transformer/model-int8",
    "models/cnn1d/model-int8", "models/dscnn2d/model-int8", "models/autoencoder/model-int8",
    "mlperf-tiny/ad/ad_int8", "mlperf-tiny/ic/ic_int8", "mlperf-tiny/kws/kws_int8", "mlperf-tiny/vww/vww_int8",
    "mlperf-tiny/sww/sww_int8",
]

# Adds the lengths of the blocks that are entered. A block is known by where its translation stands.
COUNTER = r"""
/^IN:/ { length_ = 0; next }
/^0x/ { length_++; pending = length_; next }
/^Trace/ { if (pending) { blocks[$3] = pending; pending = 0 } total += blocks[$3] }
END { printf "%.0f\n", total }
"""


def executed(core, emulator, agent, image, window, repeat):
    """Instructions of a whole run of the agent."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        subprocess.run(["mkfifo", str(log)], check=True)
        counter = subprocess.Popen(["awk", COUNTER, str(log)], stdout=subprocess.PIPE, text=True)
        command = [emulator, "-cpu", core, "-d", "exec,nochain,in_asm", "-D", str(log), str(agent), "infer"]
        command += ["--image", image, "--input", window, "--threads", "1", "--repeat", str(repeat)]
        result = subprocess.run(command, capture_output=True, text=True)
        total = counter.communicate()[0]
        if result.returncode:
            raise RuntimeError(f"{core}: {result.stderr}")
        return int(total)


def as_floats(window):
    """The agent takes float32 windows for int8 models too."""
    values = Path(window).read_bytes()
    Path(window).write_bytes(struct.pack(f"<{len(values)}f", *((value - 128) / 128 for value in values)))


def collect(shared, bench, agents, models=MODELS):
    """Rows: model, multiply-accumulates in millions, then instructions in millions for each core."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for model in models:
            file = Path(shared) / f"{model}.tflite"
            window = f"{folder}/window"
            classes = sorted({core[3] for core in CORES})
            asked = [f"window {window}", "cost"] + [f"image {folder}/{name} {name}" for name in classes]
            result = subprocess.run([bench, str(file)], input="\n".join(asked) + "\n", capture_output=True, text=True)
            if result.returncode:
                raise SystemExit(f"{model}: {result.stderr}")
            if model.endswith("int8") and not model.endswith("dynint8"):
                as_floats(window)
            products = sum(int(n) for n in re.findall(r'"macs":(\d+)', result.stdout))
            row = [model.removeprefix("models/").removeprefix("mlperf-tiny/"), f"{products / 1e6:.2f}"]
            for core, agent, emulator, name in CORES:
                program = Path(agents) / f"bramble-agent-{agent}"
                runs = [executed(core, emulator, program, f"{folder}/{name}", window, n) for n in (1, 2)]
                row.append(f"{(runs[1] - runs[0]) / 1e6:.2f}")
            rows.append(row)
            print("  ".join(row), file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    collect(*sys.argv[1:4])
