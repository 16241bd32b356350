#!/usr/bin/env python3
"""Writes the goldens of single operators: <OPERATOR>.npz beside this script.

    generate.py [OPERATOR ...]      all of them unless named; needs ai-edge-litert, flatbuffers, numpy

Each case is a TFLite model of random parameters, its input, and LiteRT's output. The same versions give the
same bytes. LiteRT's reference kernels make the output unless the index of a case says otherwise.
"""

import importlib.metadata
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy

import litert
import operators.cutting
import operators.elementwise
import operators.matrix
import operators.movement
import operators.recurrent
import operators.reduction
import operators.spatial
from archive import Archive
from draw import Draw
from model import Model
from registry import OPERATORS

FOLDER = Path(__file__).parent
TRIES = 400


def slack(model, outputs, resolver):
    """How far dynamic quantization takes an output from that of the same weights in float32.

    That is what it does to LiteRT's own output, and no less than one standard deviation of what rounding a
    row of the input to 127 steps does to a sum over the weights.
    """
    floats = litert.run(model.encode(widened=True), model.values, resolver)
    measured = max(float(numpy.max(numpy.abs(a - b))) for a, b in zip(outputs, floats))
    step = max(float(numpy.max(numpy.abs(values))) for values in model.values) / 127
    norms = [numpy.sqrt(numpy.sum(w**2) / w.shape[0]) for w in model.wide.values()]
    return max(measured, step / 12**0.5 * float(max(norms)))


def case(name, entry, kind, number):
    """Draws until LiteRT runs the model and its output tells something."""
    resolver = entry["resolver"].get(kind, litert.REFERENCE)
    refusal = "its outputs tell nothing"
    for attempt in range(TRIES):
        draw, model = Draw(name, kind, number, attempt), Model()
        entry["draw"](draw, model, kind)
        if not model.inputs:
            continue
        file = model.encode()
        try:
            if entry["reference"]:
                outputs = entry["reference"](draw, model)
            else:
                outputs = litert.run(file, model.values, resolver)
        except litert.Refused as error:
            refusal = str(error).strip().splitlines()[-1]
            if attempt > 40:
                break
            continue
        if not litert.is_telling(outputs):
            continue
        rounding = "numpy float64" if entry["reference"] else f"LiteRT {VERSION} {resolver[0]}"
        index = {"type": kind, "case": number, "rounding": rounding, "parameters": draw.parameters}
        if kind == "dynamic":
            index["slack"] = slack(model, outputs, resolver)
        return index, file, model.values, outputs
    raise SystemExit(f"{name} {kind}: case {number} cannot be drawn: {refusal}")


VERSION = importlib.metadata.version("ai-edge-litert")


def main(names):
    for name in names or OPERATORS:
        entry, archive = OPERATORS[name], Archive()
        for kind in entry["kinds"]:
            for number in range(entry["cases"]):
                archive.add(*case(name, entry, kind, number))
        path = FOLDER / f"{name}.npz"
        archive.write(path)
        print(f"{name}: {entry['cases']} cases of {', '.join(entry['kinds'])}; {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
