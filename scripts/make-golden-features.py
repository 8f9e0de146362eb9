"""Makes the golden features under test/fixtures/audio/golden with the reference (librosa and movement.py), for the tests to compare with.

python -m venv .cache/librosa && .cache/librosa/bin/pip install librosa==0.11.0
.cache/librosa/bin/python scripts/make-golden-features.py
Needs: ffmpeg on PATH, for the formats that libsndfile does not read.

`waveforms.json`: features of waveforms that test/unit/recordings/audio/features/waveforms.ts makes by the same recipes.
`files.json`: features of the recordings under test/fixtures/audio/files, decoded and resampled by librosa.
`received.json`: the same of those under test/fixtures/audio/received that librosa reads to their end.
"""
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import librosa
import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "models" / "reading-audio" / "train"))
from features import SAMPLE_RATE, extract, feature_names

FIXTURES = Path(__file__).resolve().parent.parent / "test/fixtures/audio"
# libsndfile stops at the first part of a chain, and in the middle of one VBR stream.
MISREAD = {"chained", "pausefirst"}
READ_BY_LIBSNDFILE = {".wav", ".flac", ".mp3", ".ogg", ".opus"}


def noise(count):
    """Uniform in [-1, 1) from a linear congruential generator, the same in any language."""
    values = np.empty(count)
    state = 1
    for i in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values[i] = state / 2**31 - 1
    return values


def tone(count, hertz):
    return np.sin(2 * np.pi * hertz * np.arange(count) / SAMPLE_RATE)


def waveforms():
    second = SAMPLE_RATE
    speech, _ = soundfile.read(FIXTURES / "files/speech.wav", dtype="float64")
    chord = sum(tone(2 * second, hertz) for hertz in (220, 330, 440, 550)) / 8
    # A minute that swells and fades, so that frames differ in level.
    swell = np.abs(((np.arange(60 * second) % (4 * second)) / (2 * second)) - 1)
    return {
        "silence": np.zeros(2 * second),
        "one_sample": np.array([0.5]),
        "eight_frames": speech[6000:10000],
        "nine_frames": speech[6000:10096],
        "noise": 0.1 * noise(2 * second),
        "dc_offset": 0.3 + 0.01 * noise(2 * second),
        "tone": 0.5 * tone(2 * second, 440),
        "chord_without_treble": chord,
        "speech": speech,
        "quiet_speech": 0.001 * speech,
        "clipped_speech": np.clip(8 * speech, -1, 1),
        "speech_between_silences": np.concatenate([np.zeros(second), speech, np.zeros(second)]),
        "minute": 0.3 * swell * (noise(60 * second) + tone(60 * second, 1000)),
    }


def load(path):
    if path.suffix in READ_BY_LIBSNDFILE:
        return librosa.load(path, sr=SAMPLE_RATE, mono=True)[0]
    with tempfile.TemporaryDirectory() as folder:
        decoded = Path(folder) / "decoded.wav"
        subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-c:a", "pcm_f32le", decoded], check=True)
        return librosa.load(decoded, sr=SAMPLE_RATE, mono=True)[0]


def write(name, features):
    path = FIXTURES / "golden" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{json.dumps(key)}: {json.dumps([float(f'{v:.9g}') for v in values])}" for key, values in features.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    # Clips shorter than a frame are meant here.
    warnings.simplefilter("ignore")
    write("waveforms.json", {name: extract(y).tolist() for name, y in waveforms().items()})
    files = sorted(path for path in (FIXTURES / "files").iterdir() if path.stem != "video-only")
    write("files.json", {path.name: extract(load(path)).tolist() for path in files})
    received = sorted((FIXTURES / "received").iterdir())
    whole = [path for path in received if not any(word in path.name for word in MISREAD)]
    write("received.json", {path.name: extract(load(path)).tolist() for path in whole})
    (FIXTURES / "golden/names.json").write_text(json.dumps(feature_names(), indent=0) + "\n")


if __name__ == "__main__":
    main()
