"""Operators that only move elements: int8 keeps its scale."""

import numpy
from ai_edge_litert import schema_py_generated as schema

from registry import PLAIN, operator


def moved(d, m, kind, shape):
    """An input, and a function that adds outputs of its type."""
    q = d.quantization() if kind == "int8" else None
    x = d.operand(m, shape, kind, q)
    return x, q, lambda out: m.output(out, "int8" if q else "float32", q)


def integers(m, values, dtype=numpy.int32):
    return m.constant(numpy.array(values, dtype=dtype))


def factors(d, count):
    """A shape of `count` elements."""
    shape = []
    for prime in (2, 3, 5, 7):
        while count % prime == 0:
            count //= prime
            if shape and d.chance(0.5):
                shape[d.integer(0, len(shape) - 1)] *= prime
            else:
                shape.append(prime)
    return shape + ([count] if count > 1 else []) or [1]


@operator(PLAIN)
def reshape(d, m, kind):
    shape = d.shape(1, 4)
    out = factors(d, int(numpy.prod(shape)))
    x, _, output = moved(d, m, kind, shape)
    options = schema.ReshapeOptionsT()
    options.newShape = out
    d.note(output=out)
    m.op("RESHAPE", [x, integers(m, out)], [output(out)], options)


@operator(PLAIN)
def squeeze(d, m, kind):
    shape = d.shape(1, 3)
    axes = sorted({d.integer(0, len(shape)) for _ in range(d.integer(1, 2))})
    long = list(shape)
    for axis in axes:
        long.insert(axis, 1)
    options = schema.SqueezeOptionsT()
    options.squeezeDims = axes
    out = [extent for axis, extent in enumerate(long) if axis not in axes]
    d.note(axes=axes)
    x, _, output = moved(d, m, kind, long)
    m.op("SQUEEZE", [x], [output(out)], options)


@operator(PLAIN)
def expand_dims(d, m, kind):
    shape = d.shape(1, 3)
    axis = d.integer(-len(shape) - 1, len(shape))
    out = list(numpy.expand_dims(numpy.empty(shape), axis).shape)
    d.note(axis=axis)
    x, _, output = moved(d, m, kind, shape)
    m.op("EXPAND_DIMS", [x, integers(m, axis)], [output(out)], schema.ExpandDimsOptionsT())


@operator(PLAIN)
def transpose(d, m, kind):
    shape = d.shape(2, 4)
    order = [int(axis) for axis in d.random.permutation(len(shape))]
    d.note(permutation=order)
    x, _, output = moved(d, m, kind, shape)
    out = [shape[axis] for axis in order]
    m.op("TRANSPOSE", [x, integers(m, order)], [output(out)], schema.TransposeOptionsT())


@operator(PLAIN)
def tile(d, m, kind):
    shape = d.shape(1, 4, most=5, limit=60)
    times = [d.integer(1, 3) for _ in shape]
    d.note(multiples=times)
    x, _, output = moved(d, m, kind, shape)
    out = [n * count for n, count in zip(shape, times)]
    m.op("TILE", [x, integers(m, times)], [output(out)], schema.TileOptionsT())


@operator(PLAIN)
def broadcast_to(d, m, kind):
    out = d.shape(1, 4)
    shape = [1 if d.chance(0.5) else extent for extent in out]
    d.note(output=out)
    x, _, output = moved(d, m, kind, shape)
    m.op("BROADCAST_TO", [x, integers(m, out)], [output(out)], schema.BroadcastToOptionsT())


@operator(PLAIN)
def reverse_v2(d, m, kind):
    shape = d.shape(1, 4)
    axis = d.integer(0, len(shape) - 1)
    d.note(axis=axis)
    x, _, output = moved(d, m, kind, shape)
    m.op("REVERSE_V2", [x, integers(m, [axis])], [output(shape)], schema.ReverseV2OptionsT())


@operator(PLAIN)
def gather(d, m, kind):
    shape = d.shape(1, 3)
    axis = d.axis(len(shape))
    indices = d.random.integers(0, shape[axis], d.choice([[3], [1], [2, 2], [5]]))
    options = schema.GatherOptionsT()
    options.axis = axis
    positive = axis % len(shape)
    out = shape[:positive] + list(indices.shape) + shape[positive + 1 :]
    d.note(axis=axis, indices=indices.tolist())
    x, _, output = moved(d, m, kind, shape)
    m.op("GATHER", [x, integers(m, indices)], [output(out)], options)


def pad(name):
    def draw(d, m, kind):
        shape = d.shape(1, 4, most=5, limit=100)
        around = [[d.integer(0, 2), d.integer(0, 2)] for _ in shape]
        d.note(paddings=around)
        x, q, output = moved(d, m, kind, shape)
        out = [n + before + after for n, (before, after) in zip(shape, around)]
        more, options = [], schema.PadOptionsT()
        if name == "PADV2":
            options = schema.PadV2OptionsT()
            zero = d.chance(0.4)
            d.note(with_zero=zero)
            if kind == "int8":
                more = [m.constant(numpy.int8([q[1] if zero else d.integer(-128, 127)]), q)]
            else:
                more = [m.constant(numpy.float32([0]) if zero else d.floats([1]))]
        m.op(name, [x, integers(m, around), *more], [output(out)], options)

    operator(PLAIN, name)(draw)


pad("PAD")
pad("PADV2")


@operator(PLAIN)
def select_v2(d, m, kind):
    """A condition, known at conversion or found by a comparison, broadcast against two operands."""
    shape = d.shape(1, 4)
    shapes = [[1 if d.chance(0.2) else n for n in shape] for _ in range(3)]
    q = d.quantization() if kind == "int8" else None
    x = d.operand(m, shapes[1], kind, q)
    if q is None and d.chance(0.5):
        d.note(compares=True)
        condition = m.tensor(shapes[0], numpy.bool_)
        values = d.operand(m, shapes[0], kind)
        m.op("GREATER", [values, m.constant(d.floats([1]))], [condition], schema.GreaterOptionsT())
    else:
        condition = m.constant(d.random.random(shapes[0]) < 0.5)
    if d.chance(0.5):
        y = d.operand(m, shapes[2], kind, q)
    else:
        y = m.constant(d.bytes(shapes[2]) if q else d.floats(shapes[2]), q)
    out = numpy.broadcast_shapes(*map(tuple, shapes))
    d.note(shapes=shapes)
    result = m.output(out, "int8" if q else "float32", q)
    m.op("SELECT_V2", [condition, x, y], [result], schema.SelectV2OptionsT())
