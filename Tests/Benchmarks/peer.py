"""Serves one model in another runtime to the benchmark, so that ours and the peer's runs can take turns.

    peer.py litert-xnnpack|litert-builtin|onnxruntime THREADS FILE

Prints "ready MICROSECONDS": from before the file is read to the first answer. Then, per line of standard input:

    time N      prints the N latencies in microseconds, on one line
    memory      prints the peak resident memory of this process in KiB
"""

import resource
import sys
import time

import numpy


class LiteRT:
    def __init__(self, file, threads, uses_xnnpack):
        from ai_edge_litert.interpreter import Interpreter, OpResolverType

        self.clock = time.perf_counter_ns()
        resolver = OpResolverType.AUTO if uses_xnnpack else OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        self.interpreter = Interpreter(
            model_path=file, num_threads=threads, experimental_op_resolver_type=resolver
        )
        self.interpreter.allocate_tensors()
        for detail in self.interpreter.get_input_details():
            self.interpreter.set_tensor(detail["index"], values(detail["shape"], detail["dtype"]))

    def run(self):
        self.interpreter.invoke()


class ONNXRuntime:
    types = {"tensor(float)": numpy.float32, "tensor(int8)": numpy.int8, "tensor(uint8)": numpy.uint8}

    def __init__(self, file, threads):
        import onnxruntime

        self.clock = time.perf_counter_ns()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        self.inputs = {
            entry.name: values(entry.shape, self.types[entry.type]) for entry in self.session.get_inputs()
        }

    def run(self):
        self.session.run(None, self.inputs)


def values(shape, dtype):
    """Random values: of [-1, 1] for floats, of the whole range for integers."""
    random = numpy.random.default_rng(1)
    if numpy.issubdtype(dtype, numpy.floating):
        return random.uniform(-1, 1, shape).astype(dtype)
    info = numpy.iinfo(dtype)
    return random.integers(info.min, info.max + 1, shape, dtype=dtype)


def microseconds(run, count):
    latencies = []
    for _ in range(count):
        start = time.perf_counter_ns()
        run()
        latencies.append((time.perf_counter_ns() - start) / 1000)
    return latencies


def main():
    runtime, threads, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    if runtime == "onnxruntime":
        model = ONNXRuntime(file, threads)
    else:
        model = LiteRT(file, threads, uses_xnnpack=runtime == "litert-xnnpack")
    model.run()
    print("ready", (time.perf_counter_ns() - model.clock) / 1000, flush=True)
    for line in sys.stdin:
        match line.split():
            case ["time", count]:
                print(*microseconds(model.run, int(count)), flush=True)
            case ["memory"]:
                print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
            case _:
                raise SystemExit(f"peer.py: unknown request {line!r}")


main()
