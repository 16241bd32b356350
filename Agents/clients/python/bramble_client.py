"""Talks to the Bramble agent on this device: predictions, feedback, status.

One file, standard library only, Python 3.7 or later. Copy it beside your sensor program:

    from bramble_client import Client

    with Client() as bramble:
        answer = bramble.predict(window)            # float32 numbers, in the model's order
        print(answer.label, answer.output)
        bramble.feedback(answer.id, true_label)     # later, when the truth is known

A window is anything with a buffer of float32 numbers (a NumPy array, ``array.array("f")``), or a flat
or nested sequence of numbers. Every call raises a subclass of :class:`BrambleError` when it fails.
"""

import array
import os
import socket
import struct
import sys
import time
from collections import namedtuple

__all__ = [
    "Client", "Prediction", "Status", "BrambleError", "ConnectionFailed", "TimedOut", "ProtocolError",
    "Refused", "NoActiveVariant", "WrongInput", "Busy", "ModelFailed",
]

MAXIMUM_FRAME = (1 << 20) + 4096


class BrambleError(Exception):
    """Whatever goes wrong between a program and the agent."""


class ConnectionFailed(BrambleError):
    """The agent is not there, or has gone; it is safe to try again."""


class TimedOut(BrambleError):
    """No answer in time. The connection was closed; the next call opens another."""


class ProtocolError(BrambleError):
    """The agent said what this client does not understand."""


class Refused(BrambleError):
    """The agent did not do what was asked; ``reason`` is its number, the text says why."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


class NoActiveVariant(Refused):
    """No model runs on this device yet."""


class WrongInput(Refused):
    """The window has not the size or the numbers that the model takes."""


class Busy(Refused):
    """Too many predictions wait already."""


class ModelFailed(Refused):
    """The model died or hung over this window."""


_REFUSALS = {7: NoActiveVariant, 9: WrongInput, 10: Busy, 11: ModelFailed}

#: ``id`` names the prediction for :meth:`Client.feedback`; ``label`` is None where the model gives no
#: class; ``latency`` is in seconds, request to answer, as the agent measured it.
Prediction = namedtuple("Prediction", "id variant label output latency")

#: ``phase`` is "empty", "committed" or "on trial"; ``active`` the variant's digest in hexadecimal, or None.
Status = namedtuple("Status", "phase active previous last_reversal")


class Client:
    """A connection to the agent, opened at the first call and again whenever it was lost."""

    def __init__(self, path=None, timeout=10.0):
        """``path``: the agent's ``infer.sock``; found by itself where it is not given.
        ``timeout``: seconds that a call may take."""
        self.path = path or find_socket()
        self.timeout = timeout
        self._socket = None
        self._next_id = 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def predict(self, window):
        """What the model says of one window."""
        body = self._call(12, {"input": _float32(window)}, 6)
        try:
            return Prediction(
                id=_position(body["id"]), variant=body["variant"].hex(), label=body["label"],
                output=_floats(body["output"]), latency=body["latency"] / 1e6)
        except (KeyError, TypeError, AttributeError, struct.error) as error:
            raise ProtocolError("a prediction without %s" % error) from error

    def feedback(self, prediction, label):
        """Tells the true label of an earlier prediction, however much later.

        ``prediction``: a :class:`Prediction` or its ``id``."""
        boot, sequence = getattr(prediction, "id", prediction)
        self._call(13, {"prediction": [boot, sequence], "label": int(label)}, 7)

    def status(self):
        """Which variant runs."""
        body = self._call(1, {}, 1)
        try:
            phase = ("empty", "committed", "on trial")[body["phase"]]
            active, previous = (
                body[key].hex() if body[key] is not None else None for key in ("active", "previous"))
            return Status(phase, active, previous, body["lastReversal"])
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise ProtocolError("a status without %s" % error) from error

    def _call(self, kind, body, expected):
        number = self._next_id
        self._next_id += 1
        deadline = time.monotonic() + self.timeout
        request = encode([number, kind, body])
        if len(request) > MAXIMUM_FRAME:
            raise WrongInput(9, "a window of %d bytes is more than an agent takes" % len(request))
        try:
            connection = self._connect(deadline)
            connection.settimeout(_left(deadline))
            connection.sendall(struct.pack(">I", len(request)) + request)
            while True:
                length = struct.unpack(">I", self._receive(4, deadline))[0]
                if not 0 < length <= MAXIMUM_FRAME:
                    raise ProtocolError("a frame of %d bytes" % length)
                answer = decode(self._receive(length, deadline))
                if not isinstance(answer, list) or len(answer) != 3:
                    raise ProtocolError("an answer that is none: %r" % (answer,))
                if answer[0] == number:
                    break
        except socket.timeout as error:
            self.close()
            raise TimedOut("no answer within %g s from %s" % (self.timeout, self.path)) from error
        except OSError as error:
            self.close()
            raise ConnectionFailed("the agent at %s: %s" % (self.path, error)) from error
        except ProtocolError:
            self.close()
            raise
        if answer[1] == 8:
            reason, message = answer[2].get("reason"), answer[2].get("message", "")
            raise _REFUSALS.get(reason, Refused)(reason, message)
        if answer[1] != expected:
            raise ProtocolError("an answer of kind %r" % (answer[1],))
        return answer[2]

    def _connect(self, deadline):
        if self._socket is None:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(_left(deadline))
            folder = -1
            try:
                path = self.path
                if len(os.fsencode(path)) > 107:  # more than a socket's address holds
                    folder = os.open(os.path.dirname(path), os.O_RDONLY)
                    path = "/proc/self/fd/%d/%s" % (folder, os.path.basename(path))
                connection.connect(path)
            except BaseException:
                connection.close()
                raise
            finally:
                if folder >= 0:
                    os.close(folder)
            self._socket = connection
        return self._socket

    def _receive(self, count, deadline):
        pieces = []
        while count:
            self._socket.settimeout(_left(deadline))
            piece = self._socket.recv(min(count, 1 << 16))
            if not piece:
                raise ConnectionResetError("it closed the connection")
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)


def find_socket():
    """``$BRAMBLE_ROOT/run/infer.sock``, else the system's, else that of this user."""
    root = os.environ.get("BRAMBLE_ROOT")
    if root:
        return os.path.join(root, "run", "infer.sock")
    usual = "/var/lib/bramble/run/infer.sock"
    own = os.path.expanduser("~/.bramble/run/infer.sock")
    return own if os.path.exists(own) and not os.path.exists(usual) else usual


def _left(deadline):
    left = deadline - time.monotonic()
    if left <= 0:
        raise socket.timeout()
    return left


def _position(value):
    boot, sequence = value
    return (boot, sequence)


def _float32(window):
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


def _floats(value):
    if isinstance(value, bytes):
        return list(struct.unpack("<%df" % (len(value) // 4), value))
    return [float(number) for number in value]


# CBOR (RFC 8949), the part that the agent speaks.


def encode(value):
    out = bytearray()
    _encode(value, out)
    return bytes(out)


def _head(major, number, out):
    if number < 24:
        out.append(major << 5 | number)
        return
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            out.append(major << 5 | code)
            out += number.to_bytes(size, "big")
            return
    raise OverflowError("a number of more than 64 bits")


def _encode(value, out):
    if value is None:
        out.append(0xF6)
    elif value is True or value is False:
        out.append(0xF5 if value else 0xF4)
    elif isinstance(value, int):
        _head(*((0, value) if value >= 0 else (1, -1 - value)), out)
    elif isinstance(value, (bytes, bytearray)):
        _head(2, len(value), out)
        out += value
    elif isinstance(value, str):
        data = value.encode("utf-8")
        _head(3, len(data), out)
        out += data
    elif isinstance(value, (list, tuple)):
        _head(4, len(value), out)
        for item in value:
            _encode(item, out)
    elif isinstance(value, dict):
        _head(5, len(value), out)
        for key in sorted(value, key=lambda key: (len(key.encode("utf-8")), key.encode("utf-8"))):
            _encode(key, out)
            _encode(value[key], out)
    else:
        raise TypeError("cannot encode %r" % type(value))


def decode(data):
    value, end = _decode(data, 0, 0)
    if end != len(data):
        raise ProtocolError("%d bytes behind an answer" % (len(data) - end))
    return value


def _take(data, start, count):
    if start + count > len(data):
        raise ProtocolError("an answer that is cut short")
    return data[start:start + count], start + count


def _decode(data, start, depth):
    if depth > 32:
        raise ProtocolError("an answer nested too deep")
    head, position = _take(data, start, 1)
    major, low = head[0] >> 5, head[0] & 31
    if major == 7:
        simple = {20: False, 21: True, 22: None}
        if low in simple:
            return simple[low], position
        formats = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}
        if low in formats:
            form, size = formats[low]
            raw, position = _take(data, position, size)
            return struct.unpack(form, raw)[0], position
        raise ProtocolError("an unknown simple value")
    number = low
    if low >= 24:
        if low > 27:
            raise ProtocolError("an unknown length")
        raw, position = _take(data, position, 1 << (low - 24))
        number = int.from_bytes(raw, "big")
    if major == 0:
        return number, position
    if major == 1:
        return -1 - number, position
    if major in (2, 3):
        raw, position = _take(data, position, number)
        try:
            return (bytes(raw) if major == 2 else raw.decode("utf-8")), position
        except UnicodeDecodeError as error:
            raise ProtocolError("text that is no UTF-8") from error
    if number > len(data) - position:
        raise ProtocolError("an answer that is cut short")
    if major == 4:
        items = []
        for _ in range(number):
            item, position = _decode(data, position, depth + 1)
            items.append(item)
        return items, position
    if major == 5:
        fields = {}
        for _ in range(number):
            key, position = _decode(data, position, depth + 1)
            if not isinstance(key, str):
                raise ProtocolError("a key that is no text")
            fields[key], position = _decode(data, position, depth + 1)
        return fields, position
    raise ProtocolError("a tag")
