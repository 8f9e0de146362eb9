"""silero-vad: its sequence model is copied as it is, and held against the step model and the package's own state machine."""

import io
import sys
import types
import zipfile

import numpy as np
import onnxruntime

import fetch
import golden
import recordings

SEQUENCE, STEP, LICENCE = (f"silero_vad{path}" for path in
                           ["/data/silero_vad_16k_sequence.onnx", "/data/silero_vad.onnx", "-6.2.3.dist-info/licenses/LICENSE"])
FRAME, CONTEXT = 512, 64
ORIGINAL = f"silero_vad.onnx, a frame at a time, in onnxruntime {golden.version_of('onnxruntime')}"
# Of the package's function, by which segments are also cut: defaults, and what a transcriber asks for.
OPTIONS = [{}, {"min_silence_duration_ms": 250, "speech_pad_ms": 0},
           {"threshold": 0.6, "neg_threshold": 0.3, "min_speech_duration_ms": 100, "max_speech_duration_s": 4}]


def state_machine():
    """The package's get_speech_timestamps_from_probs; torch, which it imports, is only named by what is not called."""
    folder = fetch.cache_folder() / "silero"
    with zipfile.ZipFile(io.BytesIO(fetch.package_bytes("silero-vad"))) as archive:
        archive.extract("silero_vad/utils_vad.py", folder)
    torch = types.ModuleType("torch")
    torch.no_grad = lambda: lambda function: function
    torch.Tensor = object
    torch.device = lambda name: name
    sys.modules["torch"] = torch
    sys.path.insert(0, str(folder / "silero_vad"))
    import utils_vad
    return utils_vad.get_speech_timestamps_from_probs


def session(member):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(fetch.member("silero-vad", member), options)


def framed(samples):
    """[frames, 64 + 512]: each with the end of the one before it."""
    frames = np.zeros((-(-len(samples) // FRAME), FRAME), np.float32)
    frames.reshape(-1)[:len(samples)] = samples
    before = np.vstack([np.zeros((1, CONTEXT), np.float32), frames[:-1, -CONTEXT:]])
    return np.hstack([before, frames])


def by_steps(samples):
    """The original: one frame after the other, its state carried along."""
    step, state = session(STEP), np.zeros((2, 1, 128), np.float32)
    probabilities = []
    for frame in framed(samples):
        output, state = step.run(None, {"input": frame[np.newaxis], "state": state, "sr": np.array(16_000, np.int64)})
        probabilities.append(float(output[0, 0]))
    return np.array(probabilities, np.float32)


def at_once(samples):
    zero = np.zeros((1, 1, 128), np.float32)
    return session(SEQUENCE).run(["speech_probs"], {"input": framed(samples), "h": zero, "c": zero})[0]


def verify():
    """What the manifest says. Raises SystemExit where the two models differ."""
    inputs = [recordings.read(path) for path in [recordings.READING, "samples/mr-story-1.wav", "samples/clicks.wav"]]
    difference = max(float(np.abs(by_steps(samples) - at_once(samples)).max()) for samples in inputs)
    if difference > 1e-3:
        raise SystemExit(f"silero-vad: the sequence model differs from the step model by {difference:.2g}, expected up to 0.001")
    return {"against": ORIGINAL, "inputs": len(inputs), "greatest_difference": float(f"{difference:.2g}")}


def cut(probabilities, length, options):
    found = state_machine()(list(map(float, probabilities)), audio_length_samples=length, **options)
    return [[segment["start"], segment["end"]] for segment in found]


def case():
    samples = recordings.read(recordings.READING)
    probabilities = by_steps(samples)
    # A walk between silence and speech, with every kind of hesitation.
    random = np.random.default_rng(3)
    walk = (1 / (1 + np.exp(5 - np.abs(np.cumsum(random.normal(size=2_000) * 0.9) % 30 - 15)))).astype(np.float32)
    cases = [(probabilities, len(samples), options) for options in OPTIONS] + [(walk, 2_000 * FRAME - 100, options) for options in OPTIONS]
    return {"recorded_with": ORIGINAL, "recording": recordings.READING, "probabilities": golden.packed(probabilities),
            "segments": [{"probabilities": golden.packed(values), "samples": length, "options": options, "expected": cut(values, length, options)}
                         for values, length, options in cases]}


def write(write_folder):
    wanted = {"name": "silero-vad", "version": "6.2.3", "licence": "MIT", "package": "silero-vad", "member": SEQUENCE,
              "description": "The probability that somebody speaks, for each 32 ms of audio at 16 kHz."}
    weights = fetch.member("silero-vad", SEQUENCE)
    folder = write_folder(wanted, {"network": ("network.onnx", weights)}, verify(), weights)
    (folder / "LICENSE").write_bytes(fetch.member("silero-vad", LICENCE))
    golden.write(folder, case())
