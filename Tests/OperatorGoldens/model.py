"""Writes TFLite models of one operator, with the flatbuffer schema that LiteRT ships."""

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema

TYPES = {
    "float32": schema.TensorType.FLOAT32,
    "float16": schema.TensorType.FLOAT16,
    "int8": schema.TensorType.INT8,
    "int16": schema.TensorType.INT16,
    "int32": schema.TensorType.INT32,
    "int64": schema.TensorType.INT64,
    "bool": schema.TensorType.BOOL,
}


class Model:
    """A model under construction; tensors are named by their numbers."""

    def __init__(self):
        self.tensors, self.buffers, self.operators, self.codes = [], [None], [], []
        self.inputs, self.outputs, self.values, self.wide = [], [], [], {}

    def tensor(self, shape, dtype, quantization=None, data=None, variable=False):
        tensor = schema.TensorT()
        number = len(self.tensors)
        tensor.name = f"t{number}"
        tensor.shape = [int(extent) for extent in shape]
        tensor.type = TYPES[str(numpy.dtype(dtype))]
        tensor.isVariable = variable
        tensor.buffer = 0
        if data is not None:
            tensor.buffer = len(self.buffers)
            self.buffers.append(numpy.ascontiguousarray(data, dtype=dtype))
        if quantization is not None:
            scale, zero, *axis = quantization
            parameters = schema.QuantizationParametersT()
            parameters.scale = [float(value) for value in numpy.atleast_1d(scale)]
            parameters.zeroPoint = [int(zero)] * len(parameters.scale)
            parameters.quantizedDimension = axis[0] if axis else 0
            tensor.quantization = parameters
        self.tensors.append(tensor)
        return number

    def input(self, values, quantization=None):
        number = self.tensor(values.shape, values.dtype, quantization)
        self.inputs.append(number)
        self.values.append(values)
        return number

    def constant(self, values, quantization=None):
        """A constant; int8 ones with scales are remembered at full width for `encode(widened=True)`."""
        values = numpy.asarray(values)
        number = self.tensor(values.shape, values.dtype, quantization, values)
        if values.dtype == numpy.int8 and quantization is not None and values.ndim:
            scale, _, *axis = quantization
            scale = numpy.atleast_1d(numpy.float32(scale))
            extents = [1] * values.ndim
            extents[axis[0] if axis else 0] = len(scale)
            self.wide[number] = values.astype(numpy.float32) * scale.reshape(extents)
        return number

    def half(self, values):
        """A constant stored as float16, behind the DEQUANTIZE that converters write."""
        stored = self.constant(values.astype(numpy.float16))
        wide = self.tensor(values.shape, numpy.float32)
        self.op("DEQUANTIZE", [stored], [wide], schema.DequantizeOptionsT())
        return wide

    def output(self, shape, dtype, quantization=None):
        number = self.tensor(shape, dtype, quantization)
        self.outputs.append(number)
        return number

    def op(self, name, inputs, outputs, options=None, intermediates=None, custom=None):
        operator = schema.OperatorT()
        if (name, custom) not in self.codes:
            self.codes.append((name, custom))
        operator.opcodeIndex = self.codes.index((name, custom))
        operator.inputs, operator.outputs = list(inputs), list(outputs)
        if intermediates:
            operator.intermediates = list(intermediates)
        if options is not None:
            operator.builtinOptions = options
            kind = type(options).__name__[:-1]
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
        self.operators.append(operator)

    def encode(self, widened=False):
        """The file's bytes; `widened` stores int8 weights as the float32 numbers that they stand for."""
        model = schema.ModelT()
        model.version = 3
        model.operatorCodes = []
        for name, custom in self.codes:
            code = schema.OperatorCodeT()
            code.builtinCode = getattr(schema.BuiltinOperator, name)
            code.deprecatedBuiltinCode = min(code.builtinCode, 127)
            code.customCode = custom
            code.version = VERSIONS.get(name, 1)
            model.operatorCodes.append(code)
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = self.tensors, self.operators
        graph.inputs, graph.outputs = self.inputs, self.outputs
        model.subgraphs = [graph]
        kept = [(tensor.type, tensor.quantization) for tensor in self.tensors]
        buffers = list(self.buffers)
        if widened:
            for number, values in self.wide.items():
                buffers[self.tensors[number].buffer] = values
                self.tensors[number].type = schema.TensorType.FLOAT32
                self.tensors[number].quantization = None
        model.buffers = []
        for values in buffers:
            buffer = schema.BufferT()
            if values is not None:
                buffer.data = numpy.frombuffer(values.tobytes(), dtype=numpy.uint8)
            model.buffers.append(buffer)
        builder = flatbuffers.Builder(4096)
        builder.Finish(model.Pack(builder), b"TFL3")
        for tensor, (kind, quantization) in zip(self.tensors, kept):
            tensor.type, tensor.quantization = kind, quantization
        return bytes(builder.Output())


# LiteRT asks these versions for what the models use; elsewhere it looks at the types alone.
VERSIONS = {
    "BROADCAST_TO": 3,
    "CONV_2D": 5,
    "DEPTHWISE_CONV_2D": 6,
    "FULLY_CONNECTED": 9,
    "BATCH_MATMUL": 4,
    "TRANSPOSE_CONV": 4,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": 3,
    "BIDIRECTIONAL_SEQUENCE_LSTM": 3,
}
