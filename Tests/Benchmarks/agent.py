"""What `bramble-agent infer` costs as a process: its memory, and the time from its start to the answer."""

import re
import subprocess
import time

STARTS = 9


def peak_resident_kib(agent, image, window, threads):
    """What the agent says of itself: the kernel also counts for a child's `ru_maxrss` what its parent held at the fork."""
    command = [agent, "infer", "--image", image, "--input", window, "--repeat", "20", "--threads", str(threads)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return int(re.search(r"peak resident memory: (\d+) KiB", text)[1])


def start_to_answer_us(agent, image, window, threads):
    """From before the process starts to the line with the answer, everything included; the best of several."""
    command = [agent, "infer", "--image", image, "--input", window, "--threads", str(threads)]
    return min(_answer_us(command) for _ in range(STARTS))


def _answer_us(command):
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            if line.startswith(b"window 0"):
                taken = time.perf_counter() - start
        if process.wait() != 0:
            raise subprocess.CalledProcessError(process.returncode, command)
    return taken * 1e6
