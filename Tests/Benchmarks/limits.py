"""How fast a model can be at most on this machine: its multiply-accumulates and the bytes of its weights against
what bramble-limits measured of one core."""


def limit_us(layers, limits, threads):
    """The sum over layers of what each takes at least, in microseconds, with all threads at work.

    A layer computes no faster than the peak of its type, and reads its weights, once for each pass, no faster than the
    cache that keeps them delivers: for a recurrent layer the cache that holds its own weights, for all others
    the one that holds the weights of the whole model, because they come round once an inference. Each thread
    keeps its share in its core's cache.
    """
    total = sum(layer["bytes"] for layer in layers)
    microseconds = 0
    for layer in layers:
        compute = layer["macs"] / limits[layer["type"]]["macs_per_us"]
        resident = layer["bytes"] if layer["passes"] > 1 else total
        reading = layer["bytes"] * layer["passes"] / bytes_per_us(resident / threads, limits)
        microseconds += max(compute, reading) / threads
    return microseconds


def bytes_per_us(resident, limits):
    """The bandwidth of the smallest level that holds so many bytes."""
    levels = limits["levels"]
    fitting = [level for level in levels if resident <= level["bytes"]]
    return (fitting or levels[-1:])[0]["bytes_per_us"]
