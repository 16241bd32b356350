"""The inner loops of the ARM kernels: how many cycles llvm-mca's models of the cores give them.

Compiles Sources/CKernels/arm to assembly with the loops named (BK_NAME_LOOPS), takes each named loop from its
label to its backward branch, counts the multiplications that it says, and lets llvm-mca repeat it.
ARMv7 and ARMv6 have no model in llvm-mca that fits a Pi's core: there instructions are counted, not cycles.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KERNELS = ROOT / "Sources/CKernels"

# As Package.swift and Agents/build.sh compile them.
FLAGS = "-O3 -ffp-contract=off -fno-math-errno -Wno-psabi -DBK_NAME_LOOPS".split()
TARGETS = {
    "aarch64": ["--target=aarch64-linux-gnu"],
    "armv7": "--target=arm-linux-gnueabi -march=armv7-a -mfpu=neon -mfloat-abi=softfp".split(),
    "armv6": "--target=arm-linux-gnueabi -march=armv6 -mfpu=vfp -mfloat-abi=softfp".split(),
}
HEADERS = {"aarch64": "/usr/aarch64-linux-gnu/include"}


@dataclass
class Core:
    name: str
    # llvm-mca's own A76 equals its A72, so the Neoverse N1, which is an A76 for servers, stands in.
    model: str
    # Multiply-accumulates a cycle, and bytes that a cycle loads from L1.
    peak: dict
    load: int
    # Which table of kernels runs there.
    table: str


CORES = [
    Core("Cortex-A53", "cortex-a53", {"int8": 16 / 3, "float32": 4}, 8, "neon_a53"),
    Core("Cortex-A72", "cortex-a72", {"int8": 8, "float32": 4}, 16, "neon"),
    Core("Cortex-A76", "neoverse-n1", {"int8": 32, "float32": 8}, 32, "dotprod"),
]

# What multiplies and adds, and how often.
MULTIPLIES = [
    (r"sdot\s", 16),
    (r"sml[al]l?2?\s+v\d+\.8h|smull2?\s+v\d+\.8h", 8),
    (r"vml[al]l?\.s8|vmull\.s8", 8),
    (r"smlad\s", 2),
]
FUSED = [(r"fmla\s+v\d+\.4s", 4), (r"vmla\.f32\s+q", 4)]


@dataclass
class Loop:
    name: str
    table: str
    body: list

    @property
    def kind(self):
        return "float32" if self.name.startswith("f") else "int8"

    @property
    def multiplies(self):
        found = FUSED if self.kind == "float32" else MULTIPLIES
        return sum(n for line in self.body for pattern, n in found if re.match(pattern, line))


def assembly(source, architecture):
    command = [shutil.which("clang") or "clang", *TARGETS[architecture], *FLAGS, "-S", "-o", "-", str(source)]
    headers = HEADERS.get(architecture, "/usr/arm-linux-gnueabi/include")
    result = subprocess.run(command + ["-isystem", headers], capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(result.stderr)
    return result.stdout


def loops(text):
    """The named loops: what stands between a label and the branch back to it, without a label between."""
    found, function, label, name, body = [], "", None, None, []
    for line in text.splitlines():
        comment = re.search(r"(?://|@) loop (.+)", line)
        line = re.split(r"//|@|/\*", line)[0].strip()
        target = re.match(r"([.\w$]+):$", line)
        if target:
            label, name, body = target.group(1), None, []
            function = label if not label.startswith(".L") else function
        name = comment.group(1) if comment else name
        if target:
            continue
        if line and not line.startswith("."):
            body.append(re.sub(r"\s+", " ", line))
            branch = re.match(r"(?:b\.?\w\w|cbn?z .*,|tbn?z .*,) (\.L\w+)$", body[-1])
            if branch and branch.group(1) == label and name:
                found.append(Loop(name.strip(), function.split("__")[-1], list(body)))
    return found


def cycles(loop, core):
    """Cycles of one repetition once the pipeline is full."""
    text = "\n".join(re.sub(r"\.L\w+", ".Lnext", line) for line in loop.body) + "\n.Lnext:\n"

    def total(iterations):
        command = ["llvm-mca-19", "-mtriple=aarch64-linux-gnu", f"-mcpu={core.model}", "-mattr=+dotprod"]
        command += [f"-iterations={iterations}", "-all-views=false", "-summary-view"]
        result = subprocess.run(command, input=text, capture_output=True, text=True)
        if result.returncode:
            raise SystemExit(f"{loop.name}: {result.stderr}")
        return int(re.search(r"Total Cycles:\s+(\d+)", result.stdout).group(1))

    return (total(600) - total(200)) / 400


def limit(loop, core):
    """MAC per cycle that the core could do: its multipliers, or the weights that it can load for one row."""
    peak = core.peak[loop.kind]
    if re.search(r"\b1x", loop.name):
        bytes_of_weight = {"i8": 1, "i4": 0.5, "f16": 2, "f32": 4}[loop.name.split()[0]]
        peak = min(peak, core.load / bytes_of_weight)
    return peak


def collect(architecture):
    """Every named loop once, in the order of its name: the compiler may have copied one."""
    found = {}
    for source in sorted((KERNELS / "arm").glob("*.c")):
        for loop in loops(assembly(source, architecture)):
            found.setdefault((loop.name, loop.table), loop)
    return [found[key] for key in sorted(found)]


def runs_on(loop, core):
    """Tables without a product of their own borrow it from the table `neon`."""
    borrowed = {"neon_a53": ("f16", "i4"), "neon": (), "dotprod": ("f32", "f16")}[core.table]
    return loop.table == core.table or loop.table == "neon" and loop.name.split()[0] in borrowed


def modelled():
    """Rows: core, loop, table, MAC an iteration, cycles, cycles a MAC, MAC a cycle, limit, share of the limit."""
    found, rows = collect("aarch64"), []
    for core in CORES:
        for loop in (loop for loop in found if runs_on(loop, core)):
            took, best = cycles(loop, core), limit(loop, core)
            rate = loop.multiplies / took
            rows.append([core.name, loop.name, loop.table, f"{loop.multiplies}", f"{took:.1f}",
                         f"{took / loop.multiplies:.3f}", f"{rate:.2f}", f"{best:.2f}", f"{rate / best:.0%}"])
    return rows


def counted():
    """Rows: architecture, loop, table, MAC an iteration, instructions, instructions a MAC."""
    return [[architecture, loop.name, loop.table, f"{loop.multiplies}", f"{len(loop.body)}",
             f"{len(loop.body) / loop.multiplies:.3f}"]
            for architecture, table in (("armv7", "neon"), ("armv6", "armv6"))
            for loop in collect(architecture) if loop.table == table]


if __name__ == "__main__":
    for row in modelled() + counted():
        print("  ".join(row))
