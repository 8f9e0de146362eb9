"""Records `golden.json` beside each model: what the original runtime answers, for tests and `npm run models -- verify`."""

import base64
import gzip
import importlib.metadata
import json

import numpy as np

from pictures import picture_of

# Of long outputs each so-manieth row is kept.
ROW_STEPS = {"boxes": 16, "scores": 16}


def version_of(package):
    return importlib.metadata.version(package)


def packed(values):
    """Bytes of an array (little-endian), gzipped, as base64; the same for the same values."""
    return base64.b64encode(gzip.compress(np.ascontiguousarray(values).tobytes(), mtime=0)).decode("ascii")


def packed_picture(picture):
    return {"width": picture.shape[1], "height": picture.shape[0], "rgb": packed(picture)}


def network_case(original, wanted):
    """One input of a network, as bytes that its range is laid over, and what the original runtime makes of it."""
    size = original.size
    picture = picture_of(size, size, ((size * 0.48, size * 0.5), size * 0.3, 0.1))
    low, high = wanted["input"]["range"]
    image = (low + (high - low) / 255 * picture.astype(np.float32)).astype(np.float32)
    outputs = {}
    for name, values in zip(wanted["outputs"], original.run(image)):
        rows = values.reshape(values.shape[0], -1) if values.ndim == 2 else values.reshape(1, -1)
        step = ROW_STEPS.get(name, 1)
        outputs[name] = {"every": step, "width": rows.shape[1], "values": packed(rows[::step].astype(np.float32))}
    return {"input": {"name": wanted["input"]["name"], "shape": [1, 3, size, size], "low": low, "high": high,
                      "bytes": packed(picture.transpose(2, 0, 1))}, "outputs": outputs}


def write(folder, content):
    (folder / "golden.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
