"""Runs a model in LiteRT."""

import numpy
from ai_edge_litert.interpreter import Interpreter, OpResolverType

# LiteRT's reference kernels, and its optimized ones without XNNPACK for what those cannot load.
REFERENCE = ("reference", OpResolverType.BUILTIN_REF)
BUILTIN = ("builtin", OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)


class Refused(Exception):
    """LiteRT does not run the model."""


def run(file, values, resolver):
    """The outputs for `values`, in the order of the file."""
    try:
        interpreter = Interpreter(
            model_content=file, num_threads=1, experimental_op_resolver_type=resolver[1]
        )
        interpreter.allocate_tensors()
        for detail, value in zip(interpreter.get_input_details(), values):
            interpreter.set_tensor(detail["index"], value)
        interpreter.invoke()
        return [interpreter.get_tensor(d["index"]) for d in interpreter.get_output_details()]
    except (RuntimeError, ValueError) as error:
        raise Refused(str(error)) from error


def is_telling(outputs):
    """Whether the outputs say something: finite, and not mostly clamped to one end."""
    for output in outputs:
        if output.dtype == numpy.int8:
            clamped = max(numpy.mean(output == -128), numpy.mean(output == 127))
            if output.size > 8 and (clamped > 0.6 or len(numpy.unique(output)) < 4):
                return False
        elif not numpy.all(numpy.isfinite(output)):
            return False
    return True
