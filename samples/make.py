"""Makes sample recordings and their manifest.json, from espeak-ng alone; the same bytes each time.

The committed ones were made by the generators of anomalies that model 0.1.0 was trained with. A new set is another one of the same kinds:
commit it only when its anomalies are found.

Run it through make.sh, which brings the pinned environment of the model's training.
"""

import json
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "models" / "reading-audio" / "train"))

import anomalies  # noqa: E402
import conditions  # noqa: E402
import formats  # noqa: E402
from synthesis import RATE, espeak  # noqa: E402
from texts import STORIES, WORDS  # noqa: E402

# name, language, text kind, voice variant, words a minute, format. No variant here is used in training.
NORMAL = [
    ("mr-story-1.wav", "mr", "story", 0, "linda", 150, "wav16k"),
    ("mr-story-2.mp3", "mr", "story", 1, "m8", 145, "mp3_44k"),
    ("mr-story-3.m4a", "mr", "story", 2, "linda", 150, "m4a_44k"),
    ("mr-story-4.opus", "mr", "story", 0, "Andy", 155, "opus_24"),
    ("mr-story-5.amr", "mr", "story", 1, "steph", 150, "amr"),
    ("mr-story-6.ogg", "mr", "story", 2, "m8", 140, "vorbis"),
    ("mr-words-1.webm", "mr", "words", 0, "Alicia", 140, "webm_32"),
    ("hi-story-1.ogg", "hi", "story", 0, "linda", 150, "vorbis"),
    ("hi-story-2.webm", "hi", "story", 1, "Andy", 150, "webm_32"),
    ("hi-story-3.3gp", "hi", "story", 2, "steph", 145, "3gp"),
    ("hi-story-4.mp3", "hi", "story", 0, "m8", 150, "mp3_16k"),
    ("hi-words-1.m4a", "hi", "words", 0, "linda", 140, "m4a_16k"),
    ("en-story-1.flac", "en", "story", 0, "Alicia", 150, "flac22k"),
    ("en-story-2.wav", "en", "story", 1, "Andy", 150, "wav16k"),
    ("en-story-3.opus", "en", "story", 2, "steph", 155, "opus_16"),
    ("en-story-4.m4a", "en", "story", 0, "linda", 145, "m4a_44k"),
    ("en-words-1.mp3", "en", "words", 0, "m8", 140, "mp3_44k"),
]

# name, language, kind, format, seconds at most.
ANOMALOUS = [
    ("silence.wav", None, "silence", "mulaw8k", 4),
    ("hum.ogg", None, "hum", "vorbis", 5),
    ("room-noise.m4a", None, "room_noise", "m4a_16k", 5),
    ("white-noise.opus", None, "white_noise", "opus_16", 4),
    ("tone.flac", None, "tones", "flac22k", 3),
    ("music.webm", None, "music", "webm_32", 6),
    ("fan.3gp", None, "fan", "3gp", 5),
    ("clipping.mp3", "mr", "clipping", "mp3_44k", 6),
    ("low-level.m4a", "hi", "low_level", "m4a_44k", 6),
    ("truncation.amr", "mr", "truncation", "amr", 1),
    ("clicks.wav", "en", "clicks", "wav16k", 5),
    ("speech-under-noise.mp3", "mr", "speech_under_noise", "mp3_16k", 6),
]


def reading(rng, language, kind, index, variant, speed):
    text = STORIES["sample"][language][index] if kind == "story" else " . ".join(WORDS["sample"][language]) + " ."
    samples = espeak(text, f"{language}+{variant}", speed, int(rng.integers(40, 62)))
    samples = conditions.pauses(rng, samples, 0.4)
    samples = conditions.background(rng, conditions.room(rng, samples), rng.uniform(32, 45))
    return conditions.to_level(samples, rng.uniform(-24, -17))


def main():
    rng = np.random.default_rng(20251220)
    entries = []

    def write(name, data, **facts):
        (HERE / name).write_bytes(data)
        entries.append({"file": name, **facts, "format": name.rsplit(".", 1)[1], "bytes": len(data)})

    for name, language, kind, index, variant, speed, form in NORMAL:
        samples = reading(rng, language, kind, index, variant, speed)[: 8 * RATE]
        write(name, formats.encode(samples, form), language=language, text_kind=kind,
              seconds=round(len(samples) / RATE, 2), expected="normal", anomaly=None)
    for name, language, kind, form, longest in ANOMALOUS:
        speech = reading(rng, language or "mr", "story", 0, "steph", 150)
        way = anomalies.KINDS[kind][0]
        samples = np.asarray(way(rng, speech, speech), dtype=np.float32)[: longest * RATE]
        write(name, formats.encode(samples, form), language=language, text_kind="story" if language else None,
              seconds=round(len(samples) / RATE, 2), expected="anomaly", anomaly=kind)

    broken = {"language": None, "text_kind": None, "seconds": None, "expected": "unusable"}
    write("corrupt.mp3", rng.bytes(12_000), **broken, anomaly="corrupt", error="AudioUndecodable")
    whole = (HERE / "mr-story-1.wav").read_bytes()
    write("truncated.wav", whole[: len(whole) // 3], **broken, anomaly="truncated", error="AudioTruncated")
    m4a = (HERE / "mr-story-3.m4a").read_bytes()
    write("no-index.m4a", m4a[: len(m4a) // 2], **broken, anomaly="truncated", error="AudioTruncated")
    write("empty.wav", b"", **broken, anomaly="empty", error="AudioEmpty")
    # One a line: a change of one sample is a change of one line.
    rows = ",\n".join("    " + json.dumps(entry, ensure_ascii=False) for entry in entries)
    (HERE / "manifest.json").write_text('{\n  "samples": [\n' + rows + "\n  ]\n}\n", encoding="utf-8")
    print(f"{len(entries)} samples, {sum(entry['bytes'] for entry in entries):,} bytes")


if __name__ == "__main__":
    main()
