"""Makes RESULTS.md from inference.json: one row for each model and variant.

    results.py INFERENCE.json MISSES.json RESULTS.md
"""

import json
import sys
from itertools import groupby
from pathlib import Path

HEAD = """# Inference beside LiteRT and ONNX Runtime

Measured on {date} on {cpu}, two cores, by `make bench`. All runtimes hold the same model at the same time and run in turn;
*ratio* is ours / the fastest peer's latency, each at its best count of threads (1, or 2 where that gains 3 %), so below 1
we are faster: the median of the turns' ratios where both have the same count, else the ratio of the medians.
The *limit* is what the machine could do at most with so many threads: one core multiplies {float32:.0f} float32 and
{int8:.0f} int8 values a nanosecond and reads {levels}. *First* is from opening the
file to the first answer, *start* from the start of the process `bramble-agent infer` to its answer, *memory* the peak of
the whole process (ours: `bramble-agent infer`; the peers': Python with the runtime and numpy), *file* our prepared image and the peer's file. Int8 with float inputs is "dynint8".

Wanted: recurrent and attention networks at most 0.5 (float16 weights 0.9), convolution and dense ones at most 0.9, or 70 %
of the limit; none above 1.

| network | variant | ours µs (threads) | p99 | fastest peer µs (threads) | p99 | ratio | limit µs | of limit | first ms: ours, peer | start ms | memory MiB: ours, peer | file KiB: ours, peer | wanted |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def best(records, field):
    """The fastest; with fewer threads where more of them gain less than 3 %, which is the spread of two measurements."""
    fastest = min(record[field] for record in records)
    return min((record for record in records if record[field] <= fastest * 1.03), key=lambda record: record["threads"])


def row(records):
    """The figures of one network and variant, and whether they are what is wanted."""
    ours, peer = best(records, "ours_us"), best(records, "peer_us")
    if ours["threads"] == peer["threads"]:
        ratio = peer["ratio"]
    else:
        ratio = ours["ours_us"] / peer["peer_us"]
    share = ours["limit_us"] / ours["ours_us"]
    wanted = 0.5 if ours["kind"].startswith("recurrent") and ours["variant"] != "fp16" else 0.9
    reached = (ratio <= wanted or share >= 0.7) and ratio <= 1
    text = (
        f"| {ours['model']} | {ours['variant']} | **{ours['ours_us']:.1f}** ({ours['threads']}) | {ours['ours_p99_us']:.1f}"
        f" | {peer['peer']} {peer['peer_us']:.1f} ({peer['threads']}) | {peer['peer_p99_us']:.1f} | **{ratio:.2f}**"
        f" | {ours['limit_us']:.1f} | {share:.0%} | {ours['ours_first_us'] / 1000:.2f}, {peer['peer_first_us'] / 1000:.2f}"
        f" | {ours['ours_answer_us'] / 1000:.1f}"
        f" | {ours['ours_rss_kib'] / 1024:.1f}, {peer['peer_rss_kib'] / 1024:.0f}"
        f" | {ours['ours_bytes'] / 1024:.0f}, {peer['peer_bytes'] / 1024:.0f} | {'yes' if reached else 'no'} |"
    )
    return text, reached


def memory_misses(records):
    """Models whose process takes more than a fifth of LiteRT's, or more than its image, arena and 6 MB."""
    misses = []
    for record in records:
        if record["peer"] != "litert-xnnpack":
            continue
        allowed = (record["ours_bytes"] + record["arena_bytes"] + 6_000_000) / 1024
        if record["ours_rss_kib"] > min(allowed, record["peer_rss_kib"] / 5):
            misses.append(
                f"{record['model']} {record['variant']}, {record['threads']} threads:"
                f" {record['ours_rss_kib']} KiB; allowed {allowed:.0f}, a fifth of LiteRT's"
                f" {record['peer_rss_kib'] / 5:.0f}")
    return misses


def main():
    source, reasons, target = map(Path, sys.argv[1:4])
    records = json.loads(source.read_text())
    conditions = json.loads(source.with_suffix(".conditions.json").read_text())
    reasons = json.loads(reasons.read_text())
    machine = conditions["limits"]
    levels = ", ".join(f"{level['bytes_per_us'] / 1000:.0f} GB/s from {level['name']}" for level in machine["levels"])
    text = HEAD.format(
        date=conditions["date"], cpu=conditions["cpu"], levels=levels,
        float32=machine["float32"]["macs_per_us"] / 1000, int8=machine["int8"]["macs_per_us"] / 1000)
    misses = []
    for (model, variant), group in groupby(records, key=lambda record: (record["model"], record["variant"])):
        line, reached = row(list(group))
        text += line + "\n"
        if not reached:
            reason = reasons.get(f"{model}/{variant}", reasons.get(model, "no reason is known yet"))
            misses.append(f"- **{model} {variant}**: {reason}")
    text += "\n## Not reached\n\n" + ("\n".join(misses) or "Nothing: every row is as wanted.") + "\n"
    memory = memory_misses(records)
    text += "\n## Memory above what is allowed\n\n" + ("\n".join(f"- {miss}" for miss in memory) or "None.") + "\n"
    refusals = conditions["refusals"]
    text += "\n## What a peer does not run\n\n" + ("\n".join(f"- {one}" for one in refusals) or "Nothing.") + "\n"
    target.write_text(text)


main()
