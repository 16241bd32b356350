"""Operators on each element, with one operand or two, and their reductions."""

import numpy
from ai_edge_litert import schema_py_generated as schema

from litert import BUILTIN
from registry import FLOAT, PLAIN, operator


def result(d, m, shape, kind, quantization):
    if kind == "int8":
        d.note(output=(list(shape), *quantization))
        return m.output(shape, numpy.int8, quantization)
    return m.output(shape, numpy.float32)


def broadcast(d):
    """Two shapes that go together: alike, with axes of 1, of another rank, or one of them a scalar."""
    shape = d.shape(1, 4)
    other = [1 if d.chance(0.3) else extent for extent in shape]
    shape = [1 if d.chance(0.15) else extent for extent in shape]
    other = d.choice([shape, other, other, other[d.integer(0, len(shape)) :], [1]])
    return (shape, other) if d.chance(0.7) else (other, shape)


def operands(d, m, kind, a, b, quantizations, positive=False):
    """Two operands, of which one is a constant now and then."""
    x, y = None, None
    fixed = d.choice([None, None, None, 0, 1])
    values = [a, b]
    numbers = []
    for place, shape in enumerate(values):
        if positive and place == 1 and quantizations[1]:
            # LiteRT refuses to divide by 0, and shifts small quotients further than int32 has bits.
            low, high = (-96, -65) if quantizations[1][1] == -128 else (64, 95)
            d.note(input1=(list(shape), *quantizations[1]))
            numbers.append(m.input(d.bytes(shape, low, high), quantizations[1]))
        elif place == fixed and len(shape) > 0:
            data = d.bytes(shape) if kind == "int8" else d.positive(shape) if positive else d.floats(shape)
            d.note(**{f"constant{place}": (list(shape), quantizations[place])})
            numbers.append(m.constant(data, quantizations[place]))
        else:
            numbers.append(d.operand(m, shape, kind, quantizations[place], positive))
    return numbers


def spread(name, x, y):
    """How far results reach, for operands with scales `x` and `y`."""
    reach = {"ADD": x + y, "SUB": x + y, "MUL": x * y * 74, "SQUARED_DIFFERENCE": (x + y) ** 2 * 74}
    reach["DIV"] = x / y / 40
    return reach[name]


def binary(name, kinds, options=None, fused=True, same=False, positive=False):
    def draw(d, m, kind):
        a, b = broadcast(d)
        q = [None, None]
        out = None
        if kind == "int8":
            first = d.quantization()
            q = [first, first if same else d.quantization()]
            if positive:
                q[1] = (q[1][0], d.choice([-128, 127]))
            scale = 0 if same else spread(name, q[0][0], q[1][0]) * d.logarithmic(0.5, 2)
            out = first if same else (float(numpy.float32(scale)), d.zero())
        chosen = options() if options else None
        if fused:
            chosen.fusedActivationFunction = d.activation()
        pair = operands(d, m, kind, a, b, q, positive)
        shape = numpy.broadcast_shapes(tuple(a), tuple(b))
        m.op(name, pair, [result(d, m, shape, kind, out)], chosen)

    operator(kinds, name, cases=30 if fused else 20)(draw)


binary("ADD", PLAIN, schema.AddOptionsT)
binary("SUB", PLAIN, schema.SubOptionsT)
binary("MUL", PLAIN, schema.MulOptionsT)
binary("DIV", PLAIN, schema.DivOptionsT, positive=True)
binary("MINIMUM", PLAIN, schema.MaximumMinimumOptionsT, fused=False, same=True)
binary("MAXIMUM", PLAIN, schema.MaximumMinimumOptionsT, fused=False, same=True)
binary("SQUARED_DIFFERENCE", PLAIN, schema.SquaredDifferenceOptionsT, fused=False)
binary("POW", FLOAT, schema.PowOptionsT, fused=False, positive=True)


def unary(
    name, kinds, options=None, fixed=None, positive=False, reach=None, low=0.01, high=0.06, resolver=None,
    given=None
):
    """`fixed` is the output's quantization where the operator prescribes it, and `given` the input's; `reach` the
    largest result."""

    def draw(d, m, kind):
        shape = d.shape(1, 4)
        q = out = None
        if kind == "int8":
            q = given or (d.logarithmic(low, high), -128 if positive else d.zero())
            out = fixed
            if out is None:
                top = reach(q) if reach else max(abs(-128 - q[1]), abs(127 - q[1])) * q[0]
                out = (float(numpy.float32(top * d.logarithmic(0.4, 1.3) / 127)), d.zero())
        x = d.operand(m, shape, kind, q, positive)
        if name == "NEG" and kind == "int8":
            # -128 stays what it is in LiteRT.
            m.values[-1] = numpy.maximum(m.values[-1], -127).astype(numpy.int8)
        chosen = options(d) if options else None
        m.op(name, [x], [result(d, m, shape, kind, out)], chosen)

    operator(kinds, name, resolver=resolver)(draw)


def leaky(d):
    options = schema.LeakyReluOptionsT()
    options.alpha = d.choice([0.01, 0.1, 0.2, 0.3, 0.5, float(numpy.float32(d.random.uniform(0, 1)))])
    d.note(alpha=options.alpha)
    return options


def gelu(d):
    options = schema.GeluOptionsT()
    options.approximate = d.chance(0.5)
    d.note(approximate=options.approximate)
    return options


def highest(q):
    return (127 - q[1]) * q[0]


unary("RELU", PLAIN)
unary("RELU6", PLAIN)
unary("RELU_N1_TO_1", PLAIN)
unary("LEAKY_RELU", PLAIN, leaky)
# The reference resolver does not know ELU.
unary("ELU", PLAIN, resolver={kind: BUILTIN for kind in PLAIN})
unary("HARD_SWISH", PLAIN, lambda d: schema.HardSwishOptionsT())
unary("GELU", PLAIN, gelu)
unary("LOGISTIC", PLAIN, fixed=(1 / 256, -128))
unary("TANH", PLAIN, fixed=(1 / 128, 0))
unary("EXP", PLAIN, lambda d: schema.ExpOptionsT(), reach=lambda q: numpy.exp(min(highest(q), 4)) / 2)
unary("LOG", PLAIN, positive=True, reach=lambda q: 3.0)
unary("SQRT", PLAIN, positive=True, reach=lambda q: highest(q) ** 0.5)
unary("RSQRT", PLAIN, positive=True, reach=lambda q: q[0] ** -0.5)
unary("SQUARE", FLOAT, lambda d: schema.SquareOptionsT())
unary("ABS", PLAIN, lambda d: schema.AbsOptionsT())
# LiteRT negates the bytes as they are, which is right for equal scales and zero points of 0.
unary("NEG", PLAIN, lambda d: schema.NegOptionsT(), fixed=(0.05, 0), given=(0.05, 0))
