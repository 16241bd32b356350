"""Which files are measured, and what the peers run for each."""

from dataclasses import dataclass, field
from pathlib import Path

RECURRENT, DENSE = "recurrent or attention", "convolution or dense"
NO_ONNX = "there is no ONNX file of it"
KINDS = {
    "lstm-encdec": RECURRENT,
    "transformer": RECURRENT,
}
TRAINED = ["lstm-encdec", "transformer", "cnn1d", "dscnn2d", "autoencoder"]


@dataclass
class Measured:
    """One network in one variant: our file, and each peer's."""

    model: str
    variant: str
    file: Path
    peers: dict = field(default_factory=dict)
    # Why a peer has none, by its name.
    missing: dict = field(default_factory=dict)

    @property
    def kind(self):
        return KINDS.get(self.model, DENSE)


def measured(shared, scratch):
    """Every variant under `shared`; files that a peer needs and that are not there are made in `scratch`."""
    found = []
    for model in TRAINED:
        for file in sorted((shared / "models" / model).glob("*.tflite")):
            entry = Measured(model, variant(file.stem), file, litert(file))
            onnx = shared / "models" / model / f"{file.stem}.onnx"
            if not onnx.exists() and model == "lstm-encdec" and entry.variant == "int8":
                onnx = quantized_lstm(shared, scratch)
            if onnx.exists():
                entry.peers["onnxruntime"] = onnx
            else:
                entry.missing["onnxruntime"] = NO_ONNX
            found.append(entry)
    for file in sorted((shared / "mlperf-tiny").glob("*/*.tflite")):
        model, _, name = file.stem.rpartition("_")
        found.append(Measured(model, name, file, litert(file), {"onnxruntime": NO_ONNX}))
    return found


def variant(stem):
    """`model` is the float32 file, all others are named after what was done to them."""
    return "float32" if stem == "model" else stem.removeprefix("model-")


def litert(file):
    return {"litert-xnnpack": file, "litert-builtin": file}


def quantized_lstm(shared, scratch):
    """ONNX Runtime's own static quantization of the LSTM, per channel, calibrated as the other networks' files."""
    import numpy
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    target = scratch / "lstm-encdec-int8.onnx"
    source = shared / "models" / "lstm-encdec" / "model.onnx"
    windows = numpy.load(shared / "data" / "har3-calibration.npz")["x"]

    class Windows(CalibrationDataReader):
        def __init__(self):
            import onnxruntime

            session = onnxruntime.InferenceSession(str(source), providers=["CPUExecutionProvider"])
            name = session.get_inputs()[0].name
            self.rest = iter([{name: window[None]} for window in windows])

        def get_next(self):
            return next(self.rest, None)

    quantize_static(
        str(source), str(target), Windows(), quant_format=QuantFormat.QDQ, per_channel=True,
        activation_type=QuantType.QInt8, weight_type=QuantType.QInt8,
    )
    return target
