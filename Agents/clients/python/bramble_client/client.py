"""The connection to the agent, and what a program may ask of it."""

import os
import socket
import struct
import time
from collections import namedtuple

from .cbor import decode, encode
from .errors import ConnectionFailed, ProtocolError, TimedOut, WrongInput, refusal
from .window import float32_bytes, floats

MAXIMUM_FRAME = (1 << 20) + 4096

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
        body = self._call(12, {"input": float32_bytes(window)}, 6)
        try:
            return Prediction(
                id=_position(body["id"]), variant=body["variant"].hex(), label=body["label"],
                output=floats(body["output"]), latency=body["latency"] / 1e6)
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
            raise refusal(reason, message)
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
