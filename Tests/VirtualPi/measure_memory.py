"""The controller's half of measure-memory.sh: sends a variant over `rpc`, runs its probe, reads the status."""

import hashlib
import struct
import subprocess
import sys

from bramble_client import decode, encode


def main():
    split = sys.argv.index("--")
    files = [open(path, "rb").read() for path in sys.argv[1:split]]
    rpc = subprocess.Popen(
        sys.argv[split + 1:] + ["/var/lib/bramble/bin/bramble-agent rpc"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(kind, body):
        request = encode([1, kind, body])
        rpc.stdin.write(struct.pack(">I", len(request)) + request)
        rpc.stdin.flush()
        answer = decode(rpc.stdout.read(struct.unpack(">I", rpc.stdout.read(4))[0]))
        if answer[1] == 8:
            sys.exit("refused: %s" % answer[2]["message"])
        return answer[2]

    variant = hashlib.sha256(files[0]).digest()
    for data in files:
        digest = hashlib.sha256(data).digest()
        for start in range(0, len(data), 1 << 19):
            ask(3, {"object": digest, "total": len(data), "offset": start,
                    "bytes": data[start:start + (1 << 19)]})
    ask(4, {"variant": variant, "epoch": 0})
    # Budget, accuracy floor, dead-man time, hang limit.
    terms = {"budget": 1000000, "floor": 0, "deadMan": 0, "hang": 10000000}
    ask(5, {"variant": variant, "terms": terms, "epoch": 0})
    print(ask(6, {"variant": variant, "predictions": 100, "epoch": 0}))
    status = ask(1, {})
    daemon, model = status["daemonMemory"], status["modelMemory"]
    print("daemon %.2f MB, model %.2f MB, together %.2f MB" % (
        daemon / 1e6, model / 1e6, (daemon + model) / 1e6))
    return 0 if daemon + model < 16e6 else 1


sys.exit(main())
