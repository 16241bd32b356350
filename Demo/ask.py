#!/usr/bin/env python3
"""Asks the agents behind some sockets for one prediction each: ask.py WINDOWS.npz NAME=SOCKET...

Prints a line per device: its name, the variant that answered, its answer, and the truth.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Agents/clients/python"))

from bramble_client import BrambleError, Client
from replay import read_npz

MOTIONS = ["walking", "stairs", "rest"]


def main():
    windows, labels = read_npz(sys.argv[1], "x", "y")
    for device in sys.argv[2:]:
        name, socket = device.split("=", 1)
        try:
            with Client(socket) as client:
                answer = client.predict(windows[0])
        except (BrambleError, OSError) as error:
            print("%s: %s" % (name, error), file=sys.stderr)
            return 1
        print("%-8s %s  answers %s in %.1f ms (it was %s)" % (
            name, str(answer.variant)[:12], MOTIONS[answer.label], answer.latency * 1000, MOTIONS[labels[0]]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
