#!/usr/bin/env python3
"""Trains the two networks of the demo and writes them as float32 .tflite files.

    swift run -c release motion-windows splits .build/motion
    python3 -m venv .build/venv
    .build/venv/bin/pip install -r Demo/requirements.txt
    .build/venv/bin/python Demo/train.py .build/motion Demo/models

motion-lstm       the network that the demo ships: an encoder-decoder LSTM that gives one softmax
                  for each time step, converted with the LSTM fused into one operator
motion-oversized  a residual network that does the same job with some 450 million multiplications:
                  what a team ships that forgot how small the board is
"""

import argparse
import os
import pathlib

os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")  # only legacy Keras converts to the fused LSTM
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf

keras = tf.keras
STEPS, SIGNALS, CLASSES = 32, 6, 3


def load(folder: pathlib.Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    with np.load(folder / f"{split}.npz") as file:
        return file["x"], file["y"]


def encoder_decoder() -> keras.Model:
    return keras.Sequential(
        [
            keras.layers.Input((STEPS, SIGNALS), name="window"),
            keras.layers.LSTM(256, name="encoder"),
            keras.layers.RepeatVector(STEPS),
            keras.layers.LSTM(256, return_sequences=True, name="decoder"),
            keras.layers.TimeDistributed(
                keras.layers.Dense(CLASSES, activation="softmax"), name="scores"
            ),
        ],
        name="motion-lstm",
    )


def oversized(blocks: int = 6, channels: int = 64) -> keras.Model:
    """Spreads each time step over 32 learned bands, then runs a ResNet over the 32 x 32 picture."""
    bands = 32

    def convolution(x, activation=None):
        x = keras.layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
        x = keras.layers.BatchNormalization(momentum=0.9)(x)
        return keras.layers.ReLU()(x) if activation else x

    window = keras.layers.Input((STEPS, SIGNALS), name="window")
    x = keras.layers.Dense(bands * 4)(window)
    x = keras.layers.Reshape((STEPS, bands, 4))(x)
    x = convolution(x, "relu")
    for _ in range(blocks):
        y = convolution(convolution(x, "relu"))
        x = keras.layers.ReLU()(keras.layers.Add()([x, y]))
    x = keras.layers.AveragePooling2D((STEPS, bands))(x)
    x = keras.layers.Reshape((channels,))(x)
    scores = keras.layers.Dense(CLASSES, activation="softmax", name="scores")(x)
    return keras.Model(window, scores, name="motion-oversized")


def train(model: keras.Model, data: pathlib.Path, epochs: int, limit: int | None) -> None:
    x, y = load(data, "train")
    x, y = x[:limit], y[:limit]
    held = load(data, "validation")
    if len(model.output_shape) == 3:  # the same label at every time step
        y = np.repeat(y[:, None], STEPS, axis=1)
        held = (held[0], np.repeat(held[1][:, None], STEPS, axis=1))
    schedule = keras.optimizers.schedules.CosineDecay(1.5e-3, epochs * -(-len(x) // 64))
    model.compile(
        optimizer=keras.optimizers.Adam(schedule, clipnorm=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(x, y, epochs=epochs, batch_size=64, verbose=2, validation_data=held)


def convert(model: keras.Model) -> bytes:
    fixed = tf.function(lambda window: model(window, training=False)).get_concrete_function(
        tf.TensorSpec((1, STEPS, SIGNALS), tf.float32, name="window")
    )
    return tf.lite.TFLiteConverter.from_concrete_functions([fixed], model).convert()


def accuracy(file: pathlib.Path, x: np.ndarray, y: np.ndarray) -> float:
    interpreter = tf.lite.Interpreter(str(file))
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    target = interpreter.get_output_details()[0]["index"]
    right = 0
    for window, label in zip(x, y):
        interpreter.reset_all_variables()  # the fused LSTM would carry its state over
        interpreter.set_tensor(source, window[None])
        interpreter.invoke()
        scores = interpreter.get_tensor(target)[0]
        right += int(scores.reshape(-1, CLASSES).mean(0).argmax() == label)
    return right / len(y)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=pathlib.Path, help="the folder that motion-windows wrote")
    arguments.add_argument("out", type=pathlib.Path, help="where the .tflite files go")
    arguments.add_argument("--only", choices=["motion-lstm", "motion-oversized"])
    options = arguments.parse_args()

    keras.utils.set_random_seed(20)
    tf.config.experimental.enable_op_determinism()
    options.out.mkdir(parents=True, exist_ok=True)
    plans = {"motion-lstm": (encoder_decoder, 12, None), "motion-oversized": (oversized, 3, 2000)}
    for name, (build, epochs, limit) in plans.items():
        if options.only not in (None, name):
            continue
        model = build()
        model.summary()
        train(model, options.data, epochs, limit)
        file = options.out / f"{name}.tflite"
        file.write_bytes(convert(model))
        x, y = load(options.data, "test")
        count = 200 if name == "motion-oversized" else len(y)
        share = accuracy(file, x[:count], y[:count])
        print(f"{file}: {file.stat().st_size} bytes, accuracy {share:.4f}")


if __name__ == "__main__":
    main()
