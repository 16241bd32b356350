"""Whatever goes wrong, by what a program may do about it."""


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


def refusal(reason, message):
    """The error for a refusal of the agent's."""
    return _REFUSALS.get(reason, Refused)(reason, message)
