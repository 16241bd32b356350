#!/usr/bin/env python3
"""Writes the goldens of recurrent layers as Keras 3 exports them: WHILE loops, or the operators of all steps where
a layer is unrolled; and loops in both directions.

    generate_loops.py [WHILE_LSTM | ...]      needs tensorflow beside what generate.py needs

TensorFlow's converter makes the models, for one layer with random sizes and weights; LiteRT's reference kernels
make the outputs. The converter leaves weights below 1024 elements in float32.
"""

import importlib.metadata
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy
import tensorflow

import litert
from archive import Archive
from draw import Draw
from generate import FOLDER

KINDS = ("float32", "float16", "dynamic")
CASES = 20
LAYERS = {"LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU}


def convert(model, kind):
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(model)
    if kind != "float32":
        converter.optimizations = [tensorflow.lite.Optimize.DEFAULT]
    if kind == "float16":
        converter.target_spec.supported_types = [tensorflow.float16]
    return converter.convert()


def sizes(d, kind):
    """Units and features; dynamic ones are large enough for the converter to quantize the matrices."""
    units = d.integer(17, 24) if kind == "dynamic" else d.integer(1, 10)
    return units, d.integer(14, 20) if kind == "dynamic" else d.integer(1, 9)


def loop(d, kind, name):
    """One layer of random size with its time steps and features."""
    units, features = sizes(d, kind)
    options = {"return_sequences": d.chance(0.7), "go_backwards": d.chance(0.2)}
    if name == "GRU":
        options["reset_after"] = d.chance(0.7)
    time = d.integer(2, 8)
    d.note(units=units, features=features, time=time, **options)
    return LAYERS[name](units, **options), [1, time, features]


def unrolled(d, kind, name):
    units, features = sizes(d, kind)
    options = {"return_sequences": d.chance(0.7), "go_backwards": d.chance(0.2), "use_bias": d.chance(0.8)}
    if name == "GRU":
        options["reset_after"] = d.chance(0.7)
    batch, time, layers = d.choice([1, 1, 2]), d.integer(2, 5), d.choice([1, 1, 2])
    d.note(units=units, features=features, batch=batch, time=time, layers=layers, **options)
    stack = [LAYERS[name](units, unroll=True, **dict(options, return_sequences=True)) for _ in range(layers - 1)]
    return keras.Sequential([*stack, LAYERS[name](units, unroll=True, **options)]), [batch, time, features]


def bidirectional(d, kind, _):
    units, features = sizes(d, kind)
    name, merge, sequences = d.choice(sorted(LAYERS)), d.choice(["concat", "concat", "sum", "mul", "ave"]), d.chance(0.7)
    batch, time = d.choice([1, 1, 2]), d.integer(2, 5)
    d.note(layer=name, merge=merge, return_sequences=sequences)
    d.note(units=units, features=features, batch=batch, time=time)
    layer = LAYERS[name](units, return_sequences=sequences)
    return keras.layers.Bidirectional(layer, merge_mode=merge), [batch, time, features]


SUITES = {
    "WHILE_LSTM": (loop, "LSTM"),
    "WHILE_GRU": (loop, "GRU"),
    "WHILE_BIDIRECTIONAL": (bidirectional, "BIDIRECTIONAL"),
    "UNROLLED_LSTM": (unrolled, "LSTM"),
    "UNROLLED_GRU": (unrolled, "GRU"),
}


def case(suite, kind, number):
    """The exact model, its file, its input, and what was drawn."""
    draw, name = SUITES[suite]
    d = Draw(suite.split("_")[0], name, kind, number)
    keras.backend.clear_session()
    layer, shape = draw(d, kind, name)
    inputs = keras.Input(shape[1:], batch_size=shape[0])
    model = keras.Model(inputs, layer(inputs))
    weights = [d.floats(w.shape, w.shape[0] ** -0.5 if w.ndim > 1 else 0.3) for w in model.get_weights()]
    model.set_weights(weights)
    return model, convert(model, kind), d.floats(shape), d.parameters


def main(suites):
    version = importlib.metadata.version("ai-edge-litert")
    for suite in suites or SUITES:
        archive = Archive()
        for kind in KINDS:
            for number in range(CASES):
                model, file, values, parameters = case(suite, kind, number)
                outputs = litert.run(file, [values], litert.REFERENCE)
                rounding = f"LiteRT {version} reference"
                index = {"type": kind, "case": number, "rounding": rounding, "parameters": parameters}
                if kind == "dynamic":
                    exact = model(values).numpy()
                    index["slack"] = float(numpy.max(numpy.abs(outputs[0] - exact)))
                archive.add(index, file, [values], outputs)
        path = FOLDER / f"{suite}.npz"
        archive.write(path)
        print(f"{suite}: {CASES} cases of {', '.join(KINDS)}; {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
