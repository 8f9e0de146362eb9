"""Makes the three sets: features of good and anomalous recordings, each recording from its own seed."""

import os
import pathlib
import subprocess
import zlib

import numpy as np

import anomalies
import conditions
import sources
import varied
from telephone import telephone

SEED = 20251220
# Good recordings by source, for each set.
NORMAL = {
    "train": {"espeak_mr": 80, "espeak_hi": 64, "espeak_en": 56, "festival": 110, "prompts": 240, "letters": 160, "one_letter": 80,
              "plain": 120, "plain_voices": 60, "telephone": 90, "dialogues": 140, "phrases": 100, "endings": 260, "channels": 160,
              "room_tones": 120, "people": 400, "people_as_cut": 320, "people_varied": 300, "studios": 360},
    "choose": {"espeak_mr": 32, "espeak_hi": 24, "espeak_en": 24, "festival": 40, "letters": 120, "one_letter": 40,
               "telephone": 40, "phrases": 40, "endings": 60, "channels": 40, "room_tones": 30,
               "people": 60, "people_as_cut": 60, "people_varied": 40, "studios": 50},
    "report": {"espeak_mr": 32, "espeak_hi": 24, "espeak_en": 24, "festival": 40, "prompts": 72, "telephone": 40,
               "letters": 56, "one_letter": 48, "plain": 40, "phrases": 40, "endings": 60, "channels": 40, "room_tones": 30,
               "people": 50, "people_as_cut": 40, "people_varied": 30, "studios": 40},
}
# Anomalies of a kind: made from nothing (easily told), from a reading, or such that only the way it goes on tells. Of the latter two, how
# many are made from a reading as it was recorded and stored, and how many from one as it is.
ANOMALIES = {"train": (60, (60, 20), (180, 90)), "choose": (6, (12, 4), (27, 18)), "report": (12, (24, 6), (42, 18))}
# Further ones, made from people's readings that end in every way: of a kind made from a reading, and of one that only the way it goes on tells.
ENDED_ANOMALIES = {"train": (60, 140), "choose": (6, 15), "report": (6, 18)}
# Their numbers begin here, so that the others stay the recordings that they were.
ENDED = 10_000
# And further ones again, from 0.5.0's people and studios.
MORE_ANOMALIES = {"train": (110, 280), "choose": (8, 20), "report": (6, 18)}
MORE = 20_000
HARD = {"dropouts", "two_voices", "double_speed", "truncation"}
# Who is heard without a room, a microphone or a format, and who through a telephone.
PLAIN = {("train", "plain"): ["prompts"] * 4 + ["letters"], ("report", "plain"): ["prompts"],
         ("train", "plain_voices"): ["espeak_mr", "espeak_hi", "espeak_en", "festival"]}
TELEPHONED = {"train": ["prompts"], "choose": ["letters"], "report": ["prompts"]}
WITH_ANOTHER = {"two_voices", "speech_under_noise"}
# Readings that anomalies are made from, by how often: people half of the time.
SPEAKERS = {
    "train": {"espeak_mr": 0.13, "espeak_hi": 0.12, "espeak_en": 0.1, "festival": 0.15, "prompts": 0.35, "letters": 0.15},
    "choose": {"espeak_mr": 0.18, "espeak_hi": 0.18, "espeak_en": 0.18, "festival": 0.16, "letters": 0.3},
    "report": {"espeak_mr": 0.15, "espeak_hi": 0.15, "espeak_en": 0.15, "festival": 0.1, "prompts": 0.45},
}


def normal(rng, split, source):
    if source in varied.SOURCES:
        return varied.recording(rng, split, source)
    if (split, source) in PLAIN:
        samples = sources.read(rng, split, str(rng.choice(PLAIN[split, source])))
        return conditions.to_level(samples, rng.uniform(-33, -10))
    if source == "telephone":
        return telephone(rng, conditions.recorded(rng, sources.read(rng, split, str(rng.choice(TELEPHONED[split])))))
    return conditions.stored(rng, conditions.recorded(rng, sources.read(rng, split, source)))


def reading(rng, split, plain, index):
    if index >= MORE:
        return varied.reading_of_more_people(rng, split)
    if index >= ENDED:
        return varied.ended_reading(rng, split)
    names, shares = zip(*SPEAKERS[split].items())
    samples = sources.read(rng, split, str(rng.choice(names, p=shares)))
    return conditions.to_level(samples, rng.uniform(-33, -10)) if plain else conditions.recorded(rng, samples)


def way_of(kind, index):
    """The ways of a kind take turns."""
    ways = anomalies.KINDS[kind]
    return ways[index % len(ways)]


def counts_of(split, kind):
    """(from recorded readings or nothing, from plain readings)"""
    nothing, made, hard = ANOMALIES[split]
    return (nothing, 0) if kind in anomalies.WITHOUT_READING else hard if kind in HARD else made


def anomalous(rng, split, kind, index):
    speech = other = None
    plain = index % 18 < 9 if index >= ENDED else index >= counts_of(split, kind)[0]
    if kind not in anomalies.WITHOUT_READING:
        speech = reading(rng, split, plain, index)
    if kind in WITH_ANOTHER:
        other = reading(rng, split, plain, index)
    samples = np.asarray(way_of(kind, index)(rng, speech, other), dtype=np.float32)
    return np.clip(samples, -1, 1) if plain else conditions.stored(rng, samples)


def samples_of(item):
    """The recording that (split, label, source or kind, index) names."""
    split, label, name, index = item
    rng = np.random.default_rng([SEED, zlib.crc32(f"{split}/{label}/{name}".encode()), index])
    return normal(rng, split, name) if label == "normal" else anomalous(rng, split, name, index)


def further_count(numbers, split, kind):
    """Further anomalies, of ENDED_ANOMALIES or MORE_ANOMALIES; none where no reading is needed."""
    made, hard = numbers[split]
    # Radios' compressors make of clipping a hard one.
    return 0 if kind in anomalies.WITHOUT_READING else hard if kind in HARD | {"clipping"} else made


def anomaly_counts(split):
    return {kind: sum(counts_of(split, kind)) + further_count(ENDED_ANOMALIES, split, kind) + further_count(MORE_ANOMALIES, split, kind)
            for kind in anomalies.KINDS}


def items(split, label):
    """(split, label, source or kind, index) of each recording."""
    if label == "normal":
        return [(split, label, name, index) for name, count in NORMAL[split].items() for index in range(count)]
    indices = {kind: [*range(sum(counts_of(split, kind))), *range(ENDED, ENDED + further_count(ENDED_ANOMALIES, split, kind)),
                      *range(MORE, MORE + further_count(MORE_ANOMALIES, split, kind))] for kind in anomalies.KINDS}
    return [(split, label, kind, index) for kind, of_kind in indices.items() for index in of_kind]


def _path(folder, item):
    return os.path.join(folder, "-".join(map(str, item)))


def _make(task):
    folder, item = task
    path = f"{_path(folder, item)}.f32"
    if not os.path.exists(path):
        np.asarray(samples_of(item), dtype=np.float32).tofile(f"{path}.part")
        os.rename(f"{path}.part", path)


def _folder(label):
    """One for each state of the code that makes recordings of the label."""
    here = pathlib.Path(__file__).parent
    parts = ["texts", "synthesis", "formats", "conditions", "sources", "casts", "endings", "channels", "varied"]
    parts += ["speed", "anomalies/*"] if label == "anomaly" else ["telephone"]
    code = "".join(path.read_text(encoding="utf-8") for part in parts for path in sorted(here.glob(f"{part}.py")))
    choices = (SEED, SPEAKERS if label == "anomaly" else None)
    folder = os.path.join(os.environ["DATASET_FOLDER"], f"{label}-{zlib.crc32((code + str(choices)).encode()):08x}")
    os.makedirs(folder, exist_ok=True)
    return folder


def build(pool):
    """For each set and label: items and the matrix of their features.

    The processes of `pool` make the recordings, once for each state of the code that makes them; the engine computes their features.
    """
    folders = {label: _folder(label) for label in ("normal", "anomaly")}
    wanted = {(split, label): items(split, label) for split in NORMAL for label in folders}
    list(pool.map(_make, [(folders[key[1]], item) for key, part in wanted.items() for item in part], chunksize=8))
    for folder in folders.values():
        subprocess.run(["node", os.path.join(os.path.dirname(__file__), "extract.cjs"), folder], check=True)
    return {key: (part, np.array([np.fromfile(f"{_path(folders[key[1]], item)}.f64") for item in part])) for key, part in wanted.items()}
