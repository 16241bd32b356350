"""Peak resident memory and time to the first answer of the static `bramble-agent infer --image`, for every shared model.

    measure.py SHARED BRAMBLE_BENCH BRAMBLE_AGENT [FILTER]

Writes a JSON object a line (model, variant, image_bytes, arena_bytes, peak_rss_kib, start_to_answer_us) to the standard output
and a table to the standard error. The peak is what the agent says of itself: the kernel also counts for a child's
`ru_maxrss` what its parent held when it was forked. The time is from the start of the process to the line with the
answer, the best of several, everything included: the digest of the image, its check, and the answer's text.
"""

import json
import re
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import models  # noqa: E402

STARTS = 9
# What it may take: a fifth of a LiteRT process, and the parts that a run needs with 6 MB of room.
LARGEST_KIB = 10 * 1024
ROOM_BYTES = 6_000_000


def prepare(program, file, takes_int8, scratch):
    """The image and a window in files, and the bytes of image and arena."""
    image, window = scratch / "image", scratch / "window"
    commands = f"image {image}\nwindow {window}\n"
    answer = subprocess.run(
        [program, file, "1"], input=commands, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    image_bytes, arena_bytes = (int(word) for word in answer[1].split())
    if takes_int8:
        # The agent takes float32 windows for int8 models too.
        values = window.read_bytes()
        window.write_bytes(struct.pack(f"<{len(values)}f", *((value - 128) / 128 for value in values)))
    return image, window, image_bytes, arena_bytes


def first_answer_us(agent, image, window):
    start = time.perf_counter()
    with subprocess.Popen([agent, "infer", "--image", image, "--input", window], stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            if line.startswith(b"window 0"):
                taken = time.perf_counter() - start
        if process.wait() != 0:
            raise subprocess.CalledProcessError(process.returncode, "infer")
    return taken * 1e6


def peak_kib(agent, image, window):
    command = [agent, "infer", "--image", image, "--input", window, "--repeat", "2"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return int(re.search(r"peak resident memory: (\d+) KiB", text)[1])


def row(record):
    limit = min(LARGEST_KIB, (record["image_bytes"] + record["arena_bytes"] + ROOM_BYTES) // 1024)
    return "{:14} {:20} {:>10,} {:>10,} {:>9,} {:>9,} {:>10.1f}  {}".format(
        record["model"], record["variant"], record["image_bytes"], record["arena_bytes"], record["peak_rss_kib"],
        limit, record["start_to_answer_us"] / 1000, "" if record["peak_rss_kib"] <= limit else "above")


def main():
    shared, program, agent = map(Path, sys.argv[1:4])
    wanted = sys.argv[4] if len(sys.argv) > 4 else ""
    heading = "{:14} {:20} {:>10} {:>10} {:>9} {:>9} {:>10}".format(
        "model", "variant", "image B", "arena B", "peak KiB", "limit KiB", "answer ms")
    print(heading, file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for entry in models.measured(shared, scratch):
            if wanted not in f"{entry.model}/{entry.variant}":
                continue
            try:
                image, window, image_bytes, arena_bytes = prepare(program, entry.file, entry.variant == "int8", scratch)
                record = {
                    "model": entry.model, "variant": entry.variant, "image_bytes": image_bytes,
                    "arena_bytes": arena_bytes, "peak_rss_kib": peak_kib(agent, image, window),
                    "start_to_answer_us": round(min(first_answer_us(agent, image, window) for _ in range(STARTS)), 1),
                }
            except (subprocess.CalledProcessError, IndexError) as failure:
                print(f"{entry.model} {entry.variant}: {failure}", file=sys.stderr)
                continue
            print(json.dumps(record), flush=True)
            print(row(record), file=sys.stderr, flush=True)


main()
