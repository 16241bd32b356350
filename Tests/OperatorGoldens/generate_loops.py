#!/usr/bin/env python3
"""Writes the goldens of recurrent layers as Keras 3 exports them, WHILE loops: WHILE_LSTM.npz and WHILE_GRU.npz.

    generate_loops.py [LSTM | GRU]      needs tensorflow beside what generate.py needs

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


def layer(name, d, kind):
    """One layer of random size with its time steps and features."""
    units = d.integer(17, 24) if kind == "dynamic" else d.integer(1, 10)
    features = d.integer(14, 20) if kind == "dynamic" else d.integer(1, 9)
    options = {"return_sequences": d.chance(0.7), "go_backwards": d.chance(0.2)}
    if name == "GRU":
        options["reset_after"] = d.chance(0.7)
    time = d.integer(2, 8)
    d.note(units=units, features=features, time=time, **options)
    inputs = keras.Input((time, features), batch_size=1)
    model = keras.Model(inputs, LAYERS[name](units, **options)(inputs))
    weights = [d.floats(w.shape, w.shape[0] ** -0.5 if w.ndim > 1 else 0.3) for w in model.get_weights()]
    model.set_weights(weights)
    return model, d.floats([1, time, features])


def main(names):
    version = importlib.metadata.version("ai-edge-litert")
    for name in names or LAYERS:
        archive = Archive()
        for kind in KINDS:
            for number in range(CASES):
                d = Draw("WHILE", name, kind, number)
                keras.backend.clear_session()
                model, values = layer(name, d, kind)
                file = convert(model, kind)
                outputs = litert.run(file, [values], litert.REFERENCE)
                rounding = f"LiteRT {version} reference"
                index = {"type": kind, "case": number, "rounding": rounding, "parameters": d.parameters}
                if kind == "dynamic":
                    exact = model(values).numpy()
                    index["slack"] = float(numpy.max(numpy.abs(outputs[0] - exact)))
                archive.add(index, file, [values], outputs)
        path = FOLDER / f"WHILE_{name}.npz"
        archive.write(path)
        print(f"WHILE_{name}: {CASES} cases of {', '.join(KINDS)}; {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
