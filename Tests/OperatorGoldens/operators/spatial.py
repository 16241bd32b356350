"""Convolutions, pools and resizing over [n, h, w, c]."""

import numpy
from ai_edge_litert import schema_py_generated as schema

from registry import PLAIN, WEIGHTED, operator

SAME, VALID = 0, 1


def extent(size, window, stride, dilation, padding):
    """The output's extent, or 0 where the window does not fit."""
    reach = (window - 1) * dilation + 1
    if padding == SAME:
        return -(-size // stride)
    return max(0, (size - reach) // stride + 1)


def geometry(d, dilates=True):
    """Image and window that fit each other: (h, w), (kh, kw), strides, dilations, padding, output."""
    while True:
        padding = d.choice([SAME, VALID])
        size = [d.choice([1, d.integer(2, 12)]), d.integer(2, 12)]
        window = [min(d.integer(1, 5), size[0] + 1), d.integer(1, 5)]
        stride = [d.integer(1, 3), d.integer(1, 3)]
        dilation = [1, 1]
        if dilates and d.chance(0.3):
            stride, dilation = [1, 1], [d.integer(1, 3), d.integer(1, 3)]
        out = [extent(*values, padding) for values in zip(size, window, stride, dilation)]
        if min(out) > 0 and out[0] * out[1] <= 64:
            break
    d.note(window=window, stride=stride, dilation=dilation, padding=("SAME", "VALID")[padding])
    return size, window, stride, dilation, padding, out


def scale_out(d, taps, x, w):
    """An output scale that keeps most sums of `taps` products in range."""
    spread = numpy.sqrt(taps) * x * 74 * float(numpy.mean(w)) * 74
    return float(numpy.float32(max(spread, 1.0) * d.logarithmic(0.7, 4) / 100))


def place(options, stride, padding, activation=None, dilation=None):
    options.strideH, options.strideW = stride
    options.padding = padding
    if activation is not None:
        options.fusedActivationFunction = activation
    if dilation is not None:
        options.dilationHFactor, options.dilationWFactor = dilation
    return options


def weighted(d, m, kind, shape, kernel, axis, taps, channels, out):
    """Operands and output of a convolution; returns (x, w, bias, y)."""
    q = d.quantization() if kind == "int8" else None
    x = d.operand(m, shape, kind, q)
    per_tensor = d.chance(0.25)
    w, scales = d.weights(m, kernel, kind, axis, 1 / numpy.sqrt(taps), per_tensor)
    b = d.bias(m, channels, kind, None if q is None else scales * numpy.float32(q[0]))
    d.note(weights=list(kernel), per_tensor=per_tensor)
    if kind == "int8":
        result = (scale_out(d, taps, q[0], scales), d.zero())
        d.note(output=(list(out), *result))
        return x, w, b, m.output(out, numpy.int8, result)
    return x, w, b, m.output(out, numpy.float32)


@operator(WEIGHTED, cases=30)
def conv_2d(d, m, kind):
    size, window, stride, dilation, padding, out = geometry(d)
    n, c, k = d.choice([1, 1, 2]), d.integer(1, 9), d.choice([d.integer(1, 9), d.integer(10, 36)])
    activation = d.activation()
    kernel = [k, *window, c]
    taps = window[0] * window[1] * c
    x, w, b, y = weighted(d, m, kind, [n, *size, c], kernel, 0, taps, k, [n, *out, k])
    options = place(schema.Conv2DOptionsT(), stride, padding, activation, dilation)
    m.op("CONV_2D", [x, w, b], [y], options)


@operator(WEIGHTED, cases=30)
def depthwise_conv_2d(d, m, kind):
    size, window, stride, dilation, padding, out = geometry(d)
    n, c, times = d.choice([1, 1, 2]), d.choice([d.integer(1, 9), d.integer(10, 20)]), d.choice([1, 1, 1, 2, 3])
    activation = d.activation()
    k = c * times
    kernel = [1, *window, k]
    x, w, b, y = weighted(
        d, m, kind, [n, *size, c], kernel, 3, window[0] * window[1], k, [n, *out, k]
    )
    options = place(schema.DepthwiseConv2DOptionsT(), stride, padding, activation, dilation)
    options.depthMultiplier = times
    d.note(multiplier=times)
    m.op("DEPTHWISE_CONV_2D", [x, w, b], [y], options)


@operator(WEIGHTED, cases=24)
def transpose_conv(d, m, kind):
    large, window, stride, _, padding, small = geometry(d, dilates=False)
    n, c, k = 1, d.integer(1, 8), d.integer(1, 9)
    activation = d.activation()
    kernel = [k, *window, c]
    taps = max(1, window[0] * window[1] * c // (stride[0] * stride[1]))
    x, w, b, y = weighted(d, m, kind, [n, *small, c], kernel, 0, taps, k, [n, *large, k])
    shape = m.constant(numpy.int32([n, *large, k]))
    options = place(schema.TransposeConvOptionsT(), stride, padding, activation)
    m.op("TRANSPOSE_CONV", [shape, w, x] + ([b] if b >= 0 else []), [y], options)


def pool(name):
    def draw(d, m, kind):
        size, window, stride, _, padding, out = geometry(d, dilates=False)
        n, c = d.choice([1, 2]), d.choice([d.integer(1, 6), d.integer(7, 20)])
        q = d.quantization() if kind == "int8" else None
        activation = d.activation()
        x = d.operand(m, [n, *size, c], kind, q)
        y = m.output([n, *out, c], "int8" if q else "float32", q)
        options = place(schema.Pool2DOptionsT(), stride, padding, activation)
        options.filterHeight, options.filterWidth = window
        m.op(name, [x], [y], options)

    operator(PLAIN, name, cases=24)(draw)


pool("AVERAGE_POOL_2D")
pool("MAX_POOL_2D")


def resize(name, options_type):
    def draw(d, m, kind):
        size = [d.integer(1, 6), d.integer(1, 6)]
        out = [d.integer(1, 9), d.integer(1, 9)]
        c = d.integer(1, 4)
        corners, centres = d.choice([(False, False), (True, False), (False, True)])
        d.note(output=out, align_corners=corners, half_pixel_centers=centres)
        q = d.quantization() if kind == "int8" else None
        x = d.operand(m, [1, *size, c], kind, q)
        y = m.output([1, *out, c], "int8" if q else "float32", q)
        options = options_type()
        options.alignCorners, options.halfPixelCenters = corners, centres
        m.op(name, [x, m.constant(numpy.int32(out))], [y], options)

    operator(PLAIN, name)(draw)


resize("RESIZE_BILINEAR", schema.ResizeBilinearOptionsT)
resize("RESIZE_NEAREST_NEIGHBOR", schema.ResizeNearestNeighborOptionsT)
