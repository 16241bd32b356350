"""Operators that cut tensors apart and join them, and shape arithmetic around them."""

import numpy
from ai_edge_litert import schema_py_generated as schema

from operators.movement import integers, moved
from registry import PLAIN, operator


@operator(PLAIN)
def concatenation(d, m, kind):
    shape = d.shape(1, 4, limit=100)
    axis = d.axis(len(shape))
    q = d.quantization() if kind == "int8" else None
    options = schema.ConcatenationOptionsT()
    options.axis, total, parts = axis, 0, []
    for place in range(d.integer(2, 4)):
        part = list(shape)
        part[axis] = d.integer(1, 5)
        total += part[axis]
        if place and d.chance(0.2):
            parts.append(m.constant(d.bytes(part) if q else d.floats(part), q))
        else:
            parts.append(d.operand(m, part, kind, q))
    shape[axis] = total
    d.note(axis=axis, output=shape)
    m.op("CONCATENATION", parts, [m.output(shape, "int8" if q else "float32", q)], options)


@operator(PLAIN)
def pack(d, m, kind):
    shape, count = d.shape(1, 3, limit=60), d.integer(1, 4)
    axis = d.axis(len(shape) + 1)
    q = d.quantization() if kind == "int8" else None
    parts = [d.operand(m, shape, kind, q) for _ in range(count)]
    options = schema.PackOptionsT()
    options.axis, options.valuesCount = axis, count
    out = list(numpy.stack([numpy.empty(shape)] * count, axis).shape)
    d.note(axis=axis)
    m.op("PACK", parts, [m.output(out, "int8" if q else "float32", q)], options)


@operator(PLAIN)
def unpack(d, m, kind):
    shape = d.shape(2, 4)
    axis = d.axis(len(shape))
    options = schema.UnpackOptionsT()
    options.axis, options.num = axis, shape[axis]
    d.note(axis=axis)
    x, _, output = moved(d, m, kind, shape)
    out = list(shape)
    out.pop(axis)
    m.op("UNPACK", [x], [output(out) for _ in range(options.num)], options)


@operator(PLAIN)
def split(d, m, kind):
    shape, parts = d.shape(1, 4, limit=60), d.integer(1, 4)
    axis = d.axis(len(shape))
    whole = list(shape)
    whole[axis] *= parts
    options = schema.SplitOptionsT()
    options.numSplits = parts
    d.note(axis=axis, parts=parts)
    x, _, output = moved(d, m, kind, whole)
    m.op("SPLIT", [integers(m, axis), x], [output(shape) for _ in range(parts)], options)


@operator(PLAIN)
def split_v(d, m, kind):
    shape = d.shape(1, 4, limit=60)
    axis = d.axis(len(shape))
    lengths = [d.integer(1, 4) for _ in range(d.integer(1, 4))]
    whole = list(shape)
    whole[axis] = sum(lengths)
    options = schema.SplitVOptionsT()
    options.numSplits = len(lengths)
    x, _, output = moved(d, m, kind, whole)
    written = list(lengths)
    if d.chance(0.3):
        written[-1] = -1
    d.note(axis=axis, lengths=written)
    outputs = []
    for length in lengths:
        part = list(shape)
        part[axis] = length
        outputs.append(output(part))
    m.op("SPLIT_V", [x, integers(m, written), integers(m, axis)], outputs, options)


@operator(PLAIN)
def slice(d, m, kind):
    shape = d.shape(1, 4)
    begin = [d.integer(0, n - 1) for n in shape]
    size = [d.integer(1, n - first) for n, first in zip(shape, begin)]
    written = [-1 if first + n == whole else n for first, n, whole in zip(begin, size, shape)]
    d.note(begin=begin, size=written)
    x, _, output = moved(d, m, kind, shape)
    parameters = [integers(m, begin), integers(m, written)]
    m.op("SLICE", [x, *parameters], [output(size)], schema.SliceOptionsT())


@operator(PLAIN, cases=30)
def strided_slice(d, m, kind):
    shape = d.shape(1, 4)
    while True:
        strides = [d.choice([1, 1, 2, 3, -1, -2]) for _ in shape]
        begin = [d.integer(-n, n - 1) for n in shape]
        end = [d.integer(-n - 1, n + 1) for n in shape]
        masks = [[d.chance(0.2) for _ in shape] for _ in range(3)]
        cut = [
            int(first) % n if shrink else numpy.s_[None if b else first : None if e else last : step]
            for n, first, last, step, b, e, shrink in zip(shape, begin, end, strides, *masks)
        ]
        # What a mask means on an axis that shrinks, TensorFlow and LiteRT see differently; no converter writes it.
        masks[:2] = [[flag and not s for flag, s in zip(mask, masks[2])] for mask in masks[:2]]
        strides = [1 if shrink else step for step, shrink in zip(strides, masks[2])]
        out = numpy.empty(shape)[tuple(cut)].shape
        if 0 < numpy.prod(out) and len(out) > 0:
            break
    options = schema.StridedSliceOptionsT()
    bits = [sum(flag << axis for axis, flag in enumerate(mask)) for mask in masks]
    options.beginMask, options.endMask, options.shrinkAxisMask = bits
    d.note(begin=begin, end=end, strides=strides, masks=bits)
    x, _, output = moved(d, m, kind, shape)
    parameters = [integers(m, values) for values in (begin, end, strides)]
    m.op("STRIDED_SLICE", [x, *parameters], [output(out)], options)


@operator(PLAIN)
def shape(d, m, kind):
    """The last extent, read from the shape, is where the result's shape ends."""
    extents = d.shape(2, 4)
    x, _, output = moved(d, m, kind, extents)
    whole = m.tensor([len(extents)], numpy.int32)
    options = schema.ShapeOptionsT()
    options.outType = schema.TensorType.INT32
    m.op("SHAPE", [x], [whole], options)
    last = m.tensor([], numpy.int32)
    cut = schema.StridedSliceOptionsT()
    cut.shrinkAxisMask = 1
    m.op("STRIDED_SLICE", [whole, integers(m, [-1]), integers(m, [0]), integers(m, [1])], [last], cut)
    packed = m.tensor([2], numpy.int32)
    pack_options = schema.PackOptionsT()
    pack_options.valuesCount = 2
    m.op("PACK", [integers(m, -1), last], [packed], pack_options)
    rows = [int(numpy.prod(extents[:-1])), extents[-1]]
    m.op("RESHAPE", [x, packed], [output(rows)], schema.ReshapeOptionsT())


@operator(PLAIN)
def fill(d, m, kind):
    """A tensor of one number, added."""
    extents = d.shape(1, 4)
    x, q, output = moved(d, m, kind, extents)
    filled = m.tensor(extents, "int8" if q else "float32", q)
    number = m.constant(d.bytes([]) if q else d.floats([]), q)
    m.op("FILL", [integers(m, extents), number], [filled], schema.FillOptionsT())
    m.op("ADD", [x, filled], [output(extents)], schema.AddOptionsT())
