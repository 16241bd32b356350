#!/usr/bin/env python3
"""Plays a sensor: sends recorded windows to the agent, one a second, and tells the true labels later.

    replay.py DATA.npz                      keys x [n, ...] float32 and y [n] integers
    replay.py DATA.csv --window 192         a window a row; with --labelled the label is the last number

Standard library only.
"""

import argparse
import array
import ast
import collections
import csv
import struct
import sys
import time
import zipfile

from bramble_client import BrambleError, Client


def read_npy(data, name):
    """The shape and the numbers of a ``.npy``: float32 or float64, or integers."""
    if data[:6] != b"\x93NUMPY":
        raise ValueError("%s is no .npy" % name)
    size = 2 if data[6] == 1 else 4
    length = int.from_bytes(data[8:8 + size], "little")
    start = 8 + size
    header = ast.literal_eval(data[start:start + length].decode("latin-1"))
    kinds = {"f4": "f", "f8": "d", "i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I",
             "i8": "q", "u8": "Q"}
    form = kinds.get(header["descr"].lstrip("<|="))
    if form is None or header["fortran_order"]:
        raise ValueError("%s holds %s, which is not understood" % (name, header["descr"]))
    count = 1
    for extent in header["shape"]:
        count *= extent
    return header["shape"], struct.unpack("<%d%s" % (count, form), data[start + length:])


def read_npz(path, x, y):
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        shape, numbers = read_npy(archive.read(x + ".npy"), path)
        labels = read_npy(archive.read(y + ".npy"), path)[1] if y + ".npy" in names else None
    size = len(numbers) // shape[0] if shape and shape[0] else 0
    windows = [array.array("f", numbers[i * size:(i + 1) * size]) for i in range(shape[0])]
    return windows, labels


def read_csv(path, size, labelled):
    windows, labels = [], []
    with open(path, newline="") as file:
        for number, row in enumerate(csv.reader(file), 1):
            values = [float(cell) for cell in row if cell.strip()]
            if labelled:
                labels.append(int(values.pop()))
            if size and len(values) != size:
                raise ValueError("%s, line %d: %d numbers, not %d" % (path, number, len(values), size))
            windows.append(array.array("f", values))
    return windows, labels if labelled else None


def replay(client, windows, labels, args):
    """Sends the windows; gives how many were answered, right, and late."""
    period = 1.0 / args.speed if args.speed else 0.0
    waiting = collections.deque()
    answered = right = failed = 0
    start = time.monotonic()
    for index in range(args.count or len(windows)):
        which = index % len(windows)
        delay = start + index * period - time.monotonic()
        if delay > 0:
            time.sleep(delay)
        try:
            answer = client.predict(windows[which])
            answered += 1
            if labels is not None:
                right += answer.label == labels[which]
                if args.feedback and index % args.feedback == 0:
                    waiting.append((index + args.delay, answer.id, labels[which]))
            if args.verbose:
                print("%d: class %s in %.1f ms" % (index, answer.label, answer.latency * 1000))
            while waiting and waiting[0][0] <= index:
                _, prediction, label = waiting.popleft()
                client.feedback(prediction, label)
        except BrambleError as error:
            failed += 1
            print("window %d: %s" % (index, error), file=sys.stderr)
    for _, prediction, label in waiting:
        client.feedback(prediction, label)
    return answered, right, failed


def main():
    parser = argparse.ArgumentParser(description="Plays a sensor from recorded windows.")
    parser.add_argument("data", help=".npz or .csv")
    parser.add_argument("--socket", help="the agent's infer.sock; found by itself otherwise")
    parser.add_argument("--speed", type=float, default=1.0, help="windows a second; 0: as fast as it goes")
    parser.add_argument("--count", type=int, help="windows to send; more than there are begins again")
    parser.add_argument("--feedback", type=int, default=3, metavar="N", help="tell every Nth label; 0: none")
    parser.add_argument("--delay", type=int, default=5, help="windows after which a label is known")
    parser.add_argument("--x", default="x", help="key of the windows in a .npz")
    parser.add_argument("--y", default="y", help="key of the labels in a .npz")
    parser.add_argument("--window", type=int, help="numbers in a window of a .csv")
    parser.add_argument("--labelled", action="store_true", help="rows of the .csv end with a label")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds to wait for an answer")
    parser.add_argument("--verbose", action="store_true", help="print every answer")
    args = parser.parse_args()
    try:
        if args.data.endswith(".csv"):
            windows, labels = read_csv(args.data, args.window, args.labelled)
        else:
            windows, labels = read_npz(args.data, args.x, args.y)
        if not windows:
            raise ValueError("%s holds no windows" % args.data)
        with Client(args.socket, timeout=args.timeout) as client:
            answered, right, failed = replay(client, windows, labels, args)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, BrambleError) as error:
        print("replay: %s" % error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    text = "%d windows answered, %d not" % (answered, failed)
    if labels is not None and answered:
        text += ", %.1f %% right" % (100.0 * right / answered)
    print(text)
    return 0 if not failed else 1


if __name__ == "__main__":
    sys.exit(main())
