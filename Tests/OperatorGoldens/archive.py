"""One .npz for an operator: all models, inputs and outputs end to end, and an index of the cases."""

import io
import json
import zipfile

import numpy


class Archive:
    def __init__(self):
        self.index, self.parts = [], {"models": [], "inputs": [], "outputs": []}

    def add(self, case, model, inputs, outputs):
        """`case` holds type, number, rounding, slack and parameters."""
        columns = {
            "models": model,
            "inputs": b"".join(value.tobytes() for value in inputs),
            "outputs": b"".join(value.tobytes() for value in outputs),
        }
        for name, content in columns.items():
            self.parts[name].append(content)
        self.index.append(dict(case, **{name: len(content) for name, content in columns.items()}))

    def write(self, path):
        """The same cases give the same bytes: entries carry no time."""
        arrays = {name: b"".join(parts) for name, parts in self.parts.items()}
        arrays["index"] = json.dumps(self.index, separators=(",", ":")).encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in arrays.items():
                buffer = io.BytesIO()
                numpy.lib.format.write_array(buffer, numpy.frombuffer(content, dtype=numpy.uint8))
                entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, buffer.getvalue(), compresslevel=9)
