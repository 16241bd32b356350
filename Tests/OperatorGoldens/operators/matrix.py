"""Dense layers and matrix products."""

import numpy
from ai_edge_litert import schema_py_generated as schema

from operators.spatial import scale_out
from registry import WEIGHTED, operator


@operator(WEIGHTED, cases=30)
def fully_connected(d, m, kind):
    depth = d.choice([d.integer(1, 16), d.integer(17, 70)])
    k = d.choice([d.integer(1, 8), d.integer(9, 40)])
    leading = d.choice([[1], [d.integer(2, 5)], [1, d.integer(1, 5)], [2, d.integer(1, 3)]])
    keeps = len(leading) > 1 and d.chance(0.7)
    activation = d.activation()
    q = d.quantization() if kind == "int8" else None
    x = d.operand(m, [*leading, depth], kind, q)
    per_tensor = d.chance(0.5)
    w, scales = d.weights(m, [k, depth], kind, 0, 1 / numpy.sqrt(depth), per_tensor)
    b = d.bias(m, k, kind, None if q is None else scales * numpy.float32(q[0]))
    out = [*leading, k] if keeps else [int(numpy.prod(leading)), k]
    options = schema.FullyConnectedOptionsT()
    options.fusedActivationFunction, options.keepNumDims = activation, keeps
    d.note(weights=[k, depth], per_tensor=per_tensor, keeps_rank=keeps)
    if kind == "dynamic":
        options.asymmetricQuantizeInputs = d.chance(0.5)
        d.note(asymmetric=options.asymmetricQuantizeInputs)
    result = None
    if kind == "int8":
        result = (scale_out(d, depth, q[0], scales), d.zero())
        d.note(output=(out, *result))
    y = m.output(out, "int8" if q else "float32", result)
    m.op("FULLY_CONNECTED", [x, w, b], [y], options)


@operator(WEIGHTED, cases=24)
def batch_matmul(d, m, kind):
    rows, depth, columns = (d.integer(1, 9) for _ in range(3))
    left, right = d.choice([([], []), ([2], [2]), ([3], [1]), ([1, 2], [1, 2]), ([2, 1], [1, 3])])
    turn_a, turn_b = d.chance(0.4), d.chance(0.5)
    constant = kind in ("float16", "dynamic") or d.chance(0.3)
    if constant:
        right = []
    if kind == "dynamic":
        turn_a, turn_b = False, d.chance(0.5)
    a = [*left, *((depth, rows) if turn_a else (rows, depth))]
    b = [*right, *((columns, depth) if turn_b else (depth, columns))]
    q = (d.quantization(), d.quantization()) if kind == "int8" else (None, None)
    if constant and kind == "int8":
        q = (q[0], (q[1][0], 0))
    x = d.operand(m, a, kind, q[0])
    scales = numpy.float32([q[1][0] if kind == "int8" else 1])
    if constant and kind == "int8":
        w = m.constant(d.bytes(b, -127), q[1])
    elif constant:
        w, _ = d.weights(m, b, kind, 0, 1, per_tensor=True)
    else:
        w = d.operand(m, b, kind, q[1])
    batch = numpy.broadcast_shapes(tuple(left), tuple(right))
    out = [*batch, rows, columns]
    options = schema.BatchMatMulOptionsT()
    options.adjX, options.adjY = turn_a, turn_b
    d.note(right=b, constant=constant, transposes=(turn_a, turn_b))
    result = None
    if kind == "int8":
        result = (scale_out(d, depth, q[0][0], scales), d.zero())
        d.note(right_quantization=q[1], output=(out, *result))
    y = m.output(out, "int8" if kind == "int8" else "float32", result)
    m.op("BATCH_MATMUL", [x, w], [y], options)
