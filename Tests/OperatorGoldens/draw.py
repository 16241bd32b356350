"""Random parameters, seeded by operator, type and case, so that every case can be drawn again alone."""

import zlib

import numpy

ACTIVATIONS = {"NONE": 0, "RELU": 1, "RELU_N1_TO_1": 2, "RELU6": 3}


class Draw:
    def __init__(self, *seed):
        self.random = numpy.random.default_rng(zlib.crc32(repr(seed).encode()))
        self.parameters = {}

    def note(self, **parameters):
        self.parameters.update(parameters)

    def integer(self, low, high):
        """Both ends included."""
        return int(self.random.integers(low, high + 1))

    def choice(self, values):
        return values[self.integer(0, len(values) - 1)]

    def chance(self, share):
        return bool(self.random.random() < share)

    def shape(self, low=1, high=4, most=7, limit=240):
        """Extents of a tensor of `low` to `high` axes and at most `limit` elements."""
        while True:
            extents = [self.integer(1, most) for _ in range(self.integer(low, high))]
            if numpy.prod(extents) <= limit:
                return extents

    def floats(self, shape, scale=1.0):
        """Normal numbers with the digits of float16, which keeps the archives small."""
        values = self.random.normal(0, scale, shape).astype(numpy.float16)
        return values.astype(numpy.float32)

    def positive(self, shape, low=0.05, high=4.0):
        values = self.random.uniform(low, high, shape).astype(numpy.float16)
        return values.astype(numpy.float32)

    def bytes(self, shape, low=-128, high=127):
        return self.random.integers(low, high + 1, shape).astype(numpy.int8)

    def logarithmic(self, low, high):
        return float(numpy.float32(numpy.exp(self.random.uniform(numpy.log(low), numpy.log(high)))))

    def zero(self):
        """A zero point, at the ends of the range now and then."""
        return self.choice([-128, 127, 0] + [self.integer(-128, 127) for _ in range(5)])

    def quantization(self, low=0.004, high=0.1):
        return (self.logarithmic(low, high), self.zero())

    def axis(self, rank):
        """An axis, counted from the end half of the time."""
        axis = self.integer(0, rank - 1)
        return axis - rank if self.chance(0.5) else axis

    def activation(self):
        name = self.choice(list(ACTIVATIONS))
        self.note(activation=name)
        return ACTIVATIONS[name]

    def operand(self, model, shape, kind, quantization=None, positive=False):
        """An input of the model: float32, or int8 with the quantization given."""
        if kind == "int8":
            self.note(**{f"input{len(model.inputs)}": (list(shape), *quantization)})
            return model.input(self.bytes(shape), quantization)
        self.note(**{f"input{len(model.inputs)}": list(shape)})
        values = self.positive(shape) if positive else self.floats(shape, self.choice([0.3, 1, 3]))
        return model.input(values)

    def weights(self, model, shape, kind, axis=0, scale=1.0, per_tensor=False):
        """Weights of that kind, and the scale of each channel where they are int8."""
        if kind in ("dynamic", "int8"):
            channels = 1 if per_tensor else shape[axis]
            scales = [self.logarithmic(0.3, 1.2) * scale / 60 for _ in range(channels)]
            values = self.bytes(shape, -127, 127)
            return model.constant(values, (scales, 0, axis)), numpy.float32(scales)
        values = self.floats(shape, scale)
        return (model.half(values) if kind == "float16" else model.constant(values)), None

    def bias(self, model, count, kind, scales=None):
        """A bias, or -1 now and then: int32 at `scales` for int8."""
        if self.chance(0.2):
            self.note(bias=False)
            return -1
        if kind == "int8":
            scales = numpy.atleast_1d(scales)
            values = self.floats([count], 1.5) / (scales if len(scales) == count else scales[0])
            return model.constant(values.astype(numpy.int32), (scales, 0))
        values = self.floats([count])
        return model.half(values) if kind == "float16" else model.constant(values)
