"""Talks to the Bramble agent on this device: predictions, feedback, status.

Standard library only, Python 3.7 or later. Copy this folder beside your sensor program:

    from bramble_client import Client

    with Client() as bramble:
        answer = bramble.predict(window)            # float32 numbers, in the model's order
        print(answer.label, answer.output)
        bramble.feedback(answer.id, true_label)     # later, when the truth is known

A window is anything with a buffer of float32 numbers (a NumPy array, ``array.array("f")``), or a flat
or nested sequence of numbers. Every call raises a subclass of :class:`BrambleError` when it fails.
"""

from .cbor import decode, encode
from .client import Client, Prediction, Status, find_socket
from .errors import (
    BrambleError, Busy, ConnectionFailed, ModelFailed, NoActiveVariant, ProtocolError, Refused, TimedOut, WrongInput)

__all__ = [
    "Client", "Prediction", "Status", "BrambleError", "ConnectionFailed", "TimedOut", "ProtocolError",
    "Refused", "NoActiveVariant", "WrongInput", "Busy", "ModelFailed",
]
