"""Writes ARM.md from the modelled loops and the counted instructions.

    report.py FILE [SHARED BRAMBLE_BENCH AGENTS]

Without the last three the instruction counts of FILE are kept as they are.
"""

import subprocess
import sys
from pathlib import Path

import instructions
import loops

HEAD = """# The ARM kernels, modelled

No Raspberry Pi was there to measure on. **These are models, not measurements**: they show in review what a change
does to the code, not how fast a board is. `Tests/Benchmarks/arm/run.sh` writes this file; the same compiler and the
same llvm-mca give the same figures.

## Inner loops on AArch64: cycles

`llvm-mca-19` with the model of each core; for the Cortex-A76 that of the Neoverse N1, its sister for servers, as
llvm-mca's own A76 wrongly equals its A72. The loops are cut out of what clang makes of `Sources/CKernels/arm`; caches
always hit. The limit is what the core's multipliers do (int8: two multiplications and a widening addition for 16
products on the A53, one multiplying pipe on the A72, two SDOT on the A76), or, for a single row, what its load port
delivers in weights (8, 16 and 32 bytes a cycle). Rows x columns of a tile; narrower tiles take what is left of larger
ones. Int4 loops also unpack, and scale each block of 32.

The model of the A53 lets instructions end in order only, so that a load behind a multiplication waits for it and a
branch for all; the real core does not. Where both could not be served, the loop follows the model: the float loops
load in blocks of 128 bits. The int8 loops put 64-bit loads between the multiplications, as the real core pairs them.

"""

COUNTED = """
## Inner loops on ARMv7 and ARMv6: instructions

llvm-mca has no model of the Cortex-A7 and the ARM1176; these are instructions, not cycles.

"""

EXECUTED = """
## Instructions of one inference, in millions

Counted under QEMU's user mode with `bramble-agent infer` on one thread: deterministic, and no time. Each column is
the core that QEMU plays, and so the kernels that it selects.

"""


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def versions():
    compiler = subprocess.run(["clang", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    model = subprocess.run(["llvm-mca-19", "--version"], capture_output=True, text=True).stdout
    number = next(line.split()[-1] for line in model.splitlines() if "version" in line)
    return f"Made with {compiler.split(' (')[0]} and llvm-mca {number}.\n"


def counts(file, arguments):
    if not arguments:
        old = file.read_text() if file.exists() else ""
        return EXECUTED + old.partition(EXECUTED)[2] if EXECUTED in old else ""
    head = ["model", "M MAC"] + [core[0] for core in instructions.CORES]
    return EXECUTED + table(head, instructions.collect(*arguments))


def main():
    file, arguments = Path(sys.argv[1]), sys.argv[2:]
    modelled = ["core", "loop", "kernels", "MAC", "cycles", "cycles/MAC", "MAC/cycle", "limit", "share"]
    counted = ["architecture", "loop", "kernels", "MAC", "instructions", "instructions/MAC"]
    text = HEAD + versions() + "\n" + table(modelled, loops.modelled())
    text += COUNTED + table(counted, loops.counted())
    file.write_text(text + counts(file, arguments))


if __name__ == "__main__":
    main()
