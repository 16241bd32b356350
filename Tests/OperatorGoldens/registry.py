"""Which operators there are, and in which types each is drawn."""

OPERATORS = {}

FLOAT = ("float32",)
PLAIN = ("float32", "int8")
WEIGHTED = ("float32", "float16", "dynamic", "int8")


def operator(kinds, name=None, cases=20, resolver=None, reference=None):
    """Registers a function that draws one model.

    `resolver` maps types to the LiteRT kernels that run them, where the reference kernels do not load;
    `reference` computes the outputs instead, for what LiteRT itself does not have.
    """

    def register(function):
        OPERATORS[name or function.__name__.upper()] = {
            "draw": function,
            "kinds": kinds,
            "cases": cases,
            "resolver": resolver or {},
            "reference": reference,
        }
        return function

    return register
