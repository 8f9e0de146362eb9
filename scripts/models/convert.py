"""Makes the folders of models/ from the packages' weights: `bash scripts/models/convert.sh` (see models/README.md).

A converted graph must agree with LiteRT, the original runtime, on random and on drawn inputs; otherwise nothing is written.
"""

import hashlib
import json

import numpy as np
import onnxruntime
from ai_edge_litert.interpreter import Interpreter

import fetch
import golden
import golden_faces
import golden_landmarks
import speech
import transcript
from pictures import picture_of
from tflite_to_onnx import convert
from weights import CONVERTED, weights_of

# What the model is part of, from a picture to its answer.
CHAINS = {"blazeface-full-range": golden_faces.case, "face-mesh": golden_landmarks.mesh_case, "iris-landmarks": golden_landmarks.iris_case}
MODELS = fetch.ROOT / "models"
# Greatest difference over greatest absolute output.
TOLERANCE = 1e-3


class LiteRt:
    """The original runtime on one thread: NHWC in, outputs in the model's order."""

    version = f"ai-edge-litert {golden.version_of('ai-edge-litert')}"

    def __init__(self, weights):
        self.interpreter = Interpreter(model_content=weights, num_threads=1)
        self.interpreter.allocate_tensors()
        [self.input] = self.interpreter.get_input_details()
        self.size = int(self.input["shape"][1])

    def run(self, image):
        """`image` [height, width, 3] float32, in the network's range."""
        self.interpreter.set_tensor(self.input["index"], image[np.newaxis].astype(np.float32))
        self.interpreter.invoke()
        return [self.interpreter.get_tensor(output["index"])[0] for output in self.interpreter.get_output_details()]


def inputs_for(size, low, high):
    """Noise, waves and faces: [size, size, 3] in [low, high]."""
    random = np.random.default_rng(1)
    rows, columns = np.mgrid[0:size, 0:size] / size
    waves = [np.stack([columns * k + rows, columns - rows * k, columns * rows * 3], -1) for k in range(1, 5)]
    faces = [picture_of(size, size, ((size * x, size * 0.5), size * width, tilt)) / 255
             for x, width, tilt in [(0.5, 0.1, 0), (0.4, 0.2, 0.3), (0.55, 0.3, -0.2), (0.5, 0.4, 0)]]
    unit = [random.random((size, size, 3)) for _ in range(4)] + [0.5 + 0.5 * np.sin(2 * np.pi * wave) for wave in waves] + faces
    return [(low + (high - low) * image).astype(np.float32) for image in unit]


def verify(original, onnx_bytes, wanted):
    """What the manifest says of the agreement. Raises SystemExit beyond the tolerance."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(onnx_bytes, options)
    greatest, relative = 0.0, 0.0
    inputs = inputs_for(original.size, *wanted["input"]["range"])
    for image in inputs:
        got = session.run(list(wanted["outputs"]), {wanted["input"]["name"]: image.transpose(2, 0, 1)[np.newaxis]})
        for one, other in zip(original.run(image), got):
            difference = float(np.abs(one.ravel() - other.ravel()).max())
            greatest, relative = max(greatest, difference), max(relative, difference / float(np.abs(one).max()))
    if relative > TOLERANCE:
        raise SystemExit(f"{wanted['name']}: differs from LiteRT by {relative:.2g} of the greatest output, expected up to {TOLERANCE:g}")
    return {"against": original.version, "inputs": len(inputs), "greatest_difference": float(f"{greatest:.2g}"),
            "greatest_relative_difference": float(f"{relative:.2g}")}


def digest(data):
    return hashlib.sha256(data).hexdigest()


def source_of(wanted, data):
    package = fetch.PACKAGES[wanted["package"]]
    return {"registry": package["registry"], "package": package["name"], "version": package["version"],
            "package_sha256": package["sha256"], "member": wanted["member"],
            **({"span": wanted["span"]} if "span" in wanted else {}), "weights_sha256": digest(data)}


def write_folder(wanted, artefacts, verified, weights):
    """`artefacts`: name -> (file, bytes); `weights`: the package's own file. The card is written by hand and stays."""
    folder = MODELS / wanted["name"]
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"schema_version": 1, "name": wanted["name"], "version": wanted["version"], "licence": wanted["licence"],
                "description": wanted["description"], "source": source_of(wanted, weights),
                "artefacts": {name: {"file": file, "bytes": len(data), "sha256": digest(data)} for name, (file, data) in artefacts.items()},
                "verified": verified}
    for file, data in artefacts.values():
        (folder / file).write_bytes(data)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"models/{wanted['name']}: {sum(len(data) for _, data in artefacts.values())} bytes, {verified}", flush=True)
    return folder


def main():
    for wanted in CONVERTED:
        weights = weights_of(wanted, fetch.member(wanted["package"], wanted["member"]))
        original = LiteRt(weights)
        onnx_bytes = convert(weights, wanted["input"]["name"], list(wanted["outputs"]))
        verified = verify(original, onnx_bytes, wanted)
        folder = write_folder(wanted, {"network": ("network.onnx", onnx_bytes)}, verified, weights)
        golden.write(folder, {"recorded_with": original.version, "network": golden.network_case(original, wanted), **CHAINS[wanted["name"]]()})
    speech.write(write_folder)
    transcript.write(MODELS, digest)


if __name__ == "__main__":
    main()
