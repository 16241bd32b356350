"""Windows and outputs as the agent takes and gives them."""

import array
import struct
import sys

from .errors import WrongInput


def float32_bytes(window):
    """The numbers of a window as little-endian float32."""
    try:
        view = memoryview(window)
    except TypeError:
        view = None
    if view is not None:
        if view.format in ("f", "<f", "=f"):
            data = view.tobytes()
            return data if sys.byteorder == "little" else _swapped(data)
        if view.format in ("B", "b", "c"):
            return view.tobytes()
        raise WrongInput(9, "a window of numbers of format %r; float32 is needed" % view.format)
    numbers = array.array("f")
    _flatten(window, numbers)
    return numbers.tobytes() if sys.byteorder == "little" else _swapped(numbers.tobytes())


def _flatten(value, numbers):
    for item in value:
        if hasattr(item, "__iter__"):
            _flatten(item, numbers)
        else:
            numbers.append(item)


def _swapped(data):
    numbers = array.array("f", data)
    numbers.byteswap()
    return numbers.tobytes()


def floats(value):
    if isinstance(value, bytes):
        return list(struct.unpack("<%df" % (len(value) // 4), value))
    return [float(number) for number in value]
