"""Reductions, softmax, slopes per channel, and changes of type."""

import numpy
from ai_edge_litert import schema_py_generated as schema

from litert import BUILTIN
from operators.elementwise import result
from registry import PLAIN, operator


def reduce(name, same):
    def draw(d, m, kind):
        shape = d.shape(2, 4, limit=400)
        axes = [axis for axis in range(len(shape)) if d.chance(0.5)] or [len(shape) - 1]
        if len(shape) == 4 and d.chance(0.4):
            axes = [1, 2]
        keeps = d.chance(0.5)
        written = [axis - len(shape) if d.chance(0.3) else axis for axis in axes]
        d.note(axes=written, keeps=keeps)
        out = [1 if axis in axes else n for axis, n in enumerate(shape) if keeps or axis not in axes]
        q = to = None
        if kind == "int8":
            q = d.quantization()
            count = int(numpy.prod([shape[axis] for axis in axes]))
            sums = q[0] * (count**0.5 * 74 + count * abs(q[1])) / 127 * d.logarithmic(0.4, 1.5)
            scale = sums / count if name == "MEAN" else sums
            to = q if same or d.chance(0.2) else (float(numpy.float32(scale)), d.zero())
        x = d.operand(m, shape, kind, q)
        options = schema.ReducerOptionsT()
        options.keepDims = keeps
        m.op(name, [x, m.constant(numpy.int32(written))], [result(d, m, out, kind, to)], options)

    # The reference kernel of SUM lets int8 sums wrap around where they should be clamped.
    resolver = {"int8": BUILTIN} if name == "SUM" else None
    operator(PLAIN, name, cases=24, resolver=resolver)(draw)


reduce("MEAN", same=False)
reduce("SUM", same=False)
reduce("REDUCE_MAX", same=True)


@operator(PLAIN)
def softmax(d, m, kind):
    shape = [d.integer(1, 3) for _ in range(d.integer(0, 2))] + [d.integer(2, 40)]
    shape = shape if len(shape) > 1 else [1, *shape]
    options = schema.SoftmaxOptionsT()
    options.beta = d.choice([1.0, 1.0, 0.5, 2.0])
    d.note(beta=options.beta)
    q = (d.logarithmic(0.01, 0.2), d.zero()) if kind == "int8" else None
    x = d.operand(m, shape, kind, q)
    m.op("SOFTMAX", [x], [result(d, m, shape, kind, (1 / 256, -128))], options)


def rows(name, options, to):
    """Functions of the last axis whose int8 result has the quantization `to`."""

    def draw(d, m, kind):
        shape = [d.integer(1, 4) for _ in range(d.integer(0, 2))] + [d.integer(2, 40)]
        shape = shape if len(shape) > 1 else [1, *shape]
        q = (d.logarithmic(0.01, 0.2), d.zero()) if kind == "int8" else None
        x = d.operand(m, shape, kind, q)
        m.op(name, [x], [result(d, m, shape, kind, to)], options())

    operator(PLAIN, name)(draw)


rows("LOG_SOFTMAX", schema.LogSoftmaxOptionsT, (16 / 256, 127))
rows("L2_NORMALIZATION", schema.L2NormOptionsT, (1 / 128, 0))


@operator(PLAIN)
def prelu(d, m, kind):
    shape = d.shape(2, 4)
    slopes = [1] * (len(shape) - 2) + [shape[-1]]
    if len(shape) == 4 and d.chance(0.3):
        slopes = [1, *shape[2:]] if d.chance(0.5) else shape[1:]
    q = d.quantization() if kind == "int8" else None
    x = d.operand(m, shape, kind, q)
    to = None
    if kind == "int8":
        a = (d.logarithmic(0.002, 0.01), d.integer(-60, 60))
        alpha = m.constant(d.bytes(slopes), a)
        reach = max(127 - q[1], 40) * q[0] / 127
        to = (float(numpy.float32(reach * d.logarithmic(0.7, 2))), d.zero())
        d.note(slopes=(slopes, *a))
    else:
        alpha = m.constant(d.floats(slopes, 0.4))
        d.note(slopes=slopes)
    m.op("PRELU", [x, alpha], [result(d, m, shape, kind, to)])


@operator(PLAIN, name="QUANTIZE")
def quantize(d, m, kind):
    """float32 to int8, or int8 to int8 of another scale."""
    shape = d.shape(1, 4)
    to = d.quantization(0.01, 0.06)
    if kind == "float32":
        x = d.operand(m, shape, kind)
    else:
        x = d.operand(m, shape, kind, d.choice([d.quantization(), (to[0], d.zero())]))
    m.op("QUANTIZE", [x], [result(d, m, shape, "int8", to)], schema.QuantizeOptionsT())


@operator(("int8",), name="DEQUANTIZE")
def dequantize(d, m, kind):
    shape = d.shape(1, 4)
    x = d.operand(m, shape, "int8", d.quantization())
    m.op("DEQUANTIZE", [x], [m.output(shape, numpy.float32)], schema.DequantizeOptionsT())


COMPARISONS = ("EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL")


@operator(PLAIN)
def cast(d, m, kind):
    """What a comparison finds, as numbers: how networks use it."""
    shape = d.shape(1, 4)
    name = d.choice(COMPARISONS)
    d.note(comparison=name)
    if kind == "int8":
        q = d.quantization()
        other = d.choice([q, d.quantization()])
        x = d.operand(m, shape, kind, q)
        d.note(bound=other)
        row = [shape[-1]]
        bound = m.constant(d.bytes(row), other) if d.chance(0.5) else d.operand(m, row, kind, other)
    else:
        values = numpy.round(d.floats(shape) * 2) / 2
        d.note(input0=shape)
        x = m.input(values.astype(numpy.float32))
        bound = m.constant(numpy.float32([d.choice([-0.5, 0, 0.5])]))
    found = m.tensor(shape, numpy.bool_)
    words = "".join(word.capitalize() for word in name.split("_"))
    m.op(name, [x, bound], [found], getattr(schema, f"{words}OptionsT")())
    options = schema.CastOptionsT()
    options.inDataType, options.outDataType = schema.TensorType.BOOL, schema.TensorType.FLOAT32
    m.op("CAST", [found], [m.output(shape, numpy.float32)], options)
