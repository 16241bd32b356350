"""LSTM over a sequence, forwards and in both directions.

The states are variables that start from zero. The int8 kernel (8x8->16) loads only with LiteRT's optimized
resolver; it is the same integer arithmetic there.
"""

import numpy
from ai_edge_litert import schema_py_generated as schema

from litert import BUILTIN
from registry import FLOAT, WEIGHTED, operator

GATES = 4
TANH = 4


def sizes(d):
    """Batch, time, features, units."""
    units = d.choice([d.integer(1, 6), d.integer(7, 20), 32])
    return d.choice([1, 1, 2]), d.integer(1, 8), d.choice([d.integer(1, 6), d.integer(7, 20)]), units


def gates(d, m, shape, kind, scale):
    """Four matrices, each with one scale; and those scales."""
    drawn = [d.weights(m, shape, kind, 0, scale, per_tensor=True) for _ in range(GATES)]
    return [number for number, _ in drawn], [scales for _, scales in drawn]


def biases(d, m, units, kind, scales):
    if kind == "int8":
        values = [(d.floats([units], 0.5) / s).astype(numpy.int32) for s in scales]
        return [m.constant(v, (s, 0)) for v, s in zip(values, scales)]
    values = [d.floats([units], 0.5) for _ in range(GATES)]
    return [m.half(v) if kind == "float16" else m.constant(v) for v in values]


def states(d, m, batch, units, kind, hidden):
    if kind == "int8":
        cell = (2.0 ** -d.integer(11, 14), 0)
        d.note(cell=cell[0])
        return [
            m.tensor([batch, units], numpy.int8, hidden, variable=True),
            m.tensor([batch, units], numpy.int16, cell, variable=True),
        ]
    return [m.tensor([batch, units], numpy.float32, variable=True) for _ in range(2)]


def intermediates(m, hidden):
    """What the int8 kernel asks of a converter: four that it ignores and the hidden state's scale."""
    return [m.tensor([0], numpy.float32) for _ in range(GATES)] + [m.tensor([0], numpy.int8, hidden)]


@operator(WEIGHTED, resolver={"int8": BUILTIN})
def unidirectional_sequence_lstm(d, m, kind):
    batch, time, features, units = sizes(d)
    major = kind != "int8" and d.chance(0.25)
    q = (d.logarithmic(0.01, 0.05), d.integer(-60, 60)) if kind == "int8" else None
    hidden = (d.logarithmic(0.004, 0.008), d.integer(-20, 20)) if kind == "int8" else None
    d.note(units=units, time_major=major)
    x = d.operand(m, [time, batch, features] if major else [batch, time, features], kind, q)
    w, scales = gates(d, m, [units, features], kind, 1 / numpy.sqrt(features))
    r, _ = gates(d, m, [units, units], kind, 1 / numpy.sqrt(units))
    b = biases(d, m, units, kind, None if q is None else [s * numpy.float32(q[0]) for s in scales])
    h, c = states(d, m, batch, units, kind, hidden)
    options = schema.UnidirectionalSequenceLSTMOptionsT()
    options.fusedActivationFunction, options.timeMajor = TANH, major
    if kind == "dynamic":
        options.asymmetricQuantizeInputs = d.chance(0.5)
        d.note(asymmetric=options.asymmetricQuantizeInputs)
    if kind == "int8":
        d.note(hidden=hidden)
    out = [time, batch, units] if major else [batch, time, units]
    y = m.output(out, "int8" if q else "float32", hidden)
    inputs = [x, *w, *r, -1, -1, -1, *b, -1, -1, h, c, -1, -1, -1, -1]
    extra = intermediates(m, hidden) if kind == "int8" else None
    m.op("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [y], options, extra)


@operator(("float32", "float16", "dynamic"))
def bidirectional_sequence_lstm(d, m, kind):
    batch, time, features, units = sizes(d)
    units = min(units, 16)
    merges, major = d.chance(0.6), d.chance(0.4)
    if merges and not major:
        batch = 1  # For more, LiteRT's kernel steps past the end of the hidden state.
    d.note(units=units, merges=merges, time_major=major)
    extents = [time, batch] if major else [batch, time]
    x = d.operand(m, [*extents, features], kind)
    inputs, memory = [x], []
    for _ in range(2):
        w, _ = gates(d, m, [units, features], kind, 1 / numpy.sqrt(features))
        r, _ = gates(d, m, [units, units], kind, 1 / numpy.sqrt(units))
        inputs += [*w, *r, -1, -1, -1, *biases(d, m, units, kind, None), -1, -1]
        memory += states(d, m, batch, units, kind, None)
    inputs += [*memory] + [-1] * 9
    options = schema.BidirectionalSequenceLSTMOptionsT()
    options.fusedActivationFunction, options.mergeOutputs = TANH, merges
    options.timeMajor = major
    if kind == "dynamic":
        options.asymmetricQuantizeInputs = d.chance(0.5)
        d.note(asymmetric=options.asymmetricQuantizeInputs)
    if merges:
        outputs = [m.output([*extents, 2 * units], numpy.float32)]
    else:
        outputs = [m.output([*extents, units], numpy.float32) for _ in range(2)]
    m.op("BIDIRECTIONAL_SEQUENCE_LSTM", inputs, outputs, options)


def selu_of(d, m):
    """TensorFlow's own definition; LiteRT has SELU only in TensorFlow's library of kernels."""
    x = m.values[0].astype(numpy.float64)
    alpha, scale = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
    return [numpy.where(x > 0, scale * x, scale * alpha * numpy.expm1(x)).astype(numpy.float32)]


@operator(FLOAT, reference=selu_of)
def selu(d, m, kind):
    shape = d.shape(1, 4)
    x = d.operand(m, shape, kind)
    m.op("CUSTOM", [x], [m.output(shape, numpy.float32)], custom="FlexSelu")
