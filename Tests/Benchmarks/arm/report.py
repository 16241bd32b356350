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

REACHED = """
## What the loops must reach

The least MAC/cycle of the int8 loops and the least share of their limit of the float32 loops, among the widest tile and
the single row of each core. Other tiles take what rows are left: the two-row tile of float32 has four sums alone, for which
the A76 waits.

"""

SINGLE_ROW = """
A product of one row (GEMV) takes each weight once, so what the load port delivers bounds it: on the A53 8 bytes a
cycle, two float32 weights, against four multiplications that the core could do. No tile helps, there is no second use
for a weight. {rate} MAC/cycle are {share} of that bound ({of_peak} of the multipliers' limit); int8 weights
are the way past it.
"""

COUNTED = """
## Inner loops on ARMv7 and ARMv6: instructions

llvm-mca has no model of the Cortex-A7 and the ARM1176; these are instructions, not cycles.

"""

EXECUTED_HEADING = """
## Instructions of one inference, in millions
"""

EXECUTED = EXECUTED_HEADING + """
Counted under QEMU's user mode with `bramble-agent infer` on one thread: deterministic, and no time. Each column is
the core that QEMU plays, and so the kernels that it selects. Forms of a network that differ in their values alone
(pruned) or in their file (WHILE) are left out.

"""


# Core: MAC/cycle of int8 loops; the share of float32 loops is one for all.
LEAST_INT8 = {"Cortex-A53": 3.0, "Cortex-A72": 6.0, "Cortex-A76": 24.0}
LEAST_SHARE = 0.75


def main_loops(rows, core, kind):
    """The single row's and the widest tile's."""
    own = [row for row in rows if row[0] == core and row[1].split()[0] == kind]
    heights = sorted({int(row[1].split()[1].split("x")[0]) for row in own})
    return [row for row in own if int(row[1].split()[1].split("x")[0]) in (1, heights[-1])]


def reached(rows):
    """Whether each core's loops are as fast as they must be."""
    lines = []
    for core, least in LEAST_INT8.items():
        int8 = min(float(row[6]) for row in main_loops(rows, core, "i8"))
        share = min(int(row[8].rstrip("%")) for row in main_loops(rows, core, "f32"))
        holds = int8 >= least and share >= 100 * LEAST_SHARE
        lines.append([core, f"{int8:.2f}", f"{least:.2f}", f"{share}%", f"{LEAST_SHARE:.0%}", "yes" if holds else "no"])
    single = next(row for row in rows if row[:2] == ["Cortex-A53", "f32 1x8"])
    text = SINGLE_ROW.format(rate=single[6], share=single[8], of_peak=f"{float(single[6]) / 4:.0%}")
    head = ["core", "int8 MAC/cycle", "wanted", "float32 share", "wanted", "reached"]
    return REACHED + table(head, lines) + text


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
        _, heading, old = file.read_text().partition(EXECUTED_HEADING) if file.exists() else ("", "", "")
        return heading + old
    head = ["model", "M MAC"] + [core[0] for core in instructions.CORES]
    return EXECUTED + table(head, instructions.collect(*arguments))


def main():
    file, arguments = Path(sys.argv[1]), sys.argv[2:]
    modelled = ["core", "loop", "kernels", "MAC", "cycles", "cycles/MAC", "MAC/cycle", "limit", "share"]
    counted = ["architecture", "loop", "kernels", "MAC", "instructions", "instructions/MAC"]
    rows = loops.modelled()
    text = HEAD + versions() + "\n" + table(modelled, rows) + reached(rows)
    text += COUNTED + table(counted, loops.counted())
    file.write_text(text + counts(file, arguments))


if __name__ == "__main__":
    main()
