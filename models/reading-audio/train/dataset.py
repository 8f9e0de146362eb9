"""Makes the three sets: features of good and anomalous recordings, each recording from its own seed."""

import os
import subprocess
import zlib

import numpy as np

import anomalies
import conditions
import sources

SEED = 20251220
# Good recordings by source, for each set.
NORMAL = {
    "train": {"espeak_mr": 80, "espeak_hi": 64, "espeak_en": 56, "festival": 110, "prompts": 240, "letters": 160, "one_letter": 80},
    "choose": {"espeak_mr": 32, "espeak_hi": 24, "espeak_en": 24, "festival": 40, "letters": 120, "one_letter": 40},
    "report": {"espeak_mr": 32, "espeak_hi": 24, "espeak_en": 24, "festival": 40, "prompts": 72, "telephone": 40,
               "letters": 56, "one_letter": 48},
}
# Anomalies of a kind: made from nothing (easily told), from a reading, or such that only the way it goes on tells.
ANOMALIES = {"train": (24, 64, 160), "choose": (8, 20, 20), "report": (20, 24, 40)}
HARD = {"dropouts", "two_voices", "double_speed"}
# Readings that anomalies are made from.
SPEAKERS = {
    "train": ["espeak_mr", "espeak_hi", "espeak_en", "festival", "prompts", "letters"],
    "choose": ["espeak_mr", "espeak_hi", "espeak_en", "festival", "letters"],
    "report": ["espeak_mr", "espeak_hi", "espeak_en", "festival", "prompts"],
}


def normal(rng, split, source):
    samples = conditions.recorded(rng, sources.read(rng, split, source))
    if source == "telephone":
        return conditions.round_trip(samples, str(rng.choice(["mulaw8k", "amr", "3gp"])))
    return conditions.stored(rng, samples)


def way_of(kind, index):
    """The ways of a kind take turns."""
    ways = anomalies.KINDS[kind]
    return ways[index % len(ways)]


def anomalous(rng, split, kind, index):
    speech = other = None
    if kind not in anomalies.WITHOUT_READING:
        speech = conditions.recorded(rng, sources.read(rng, split, str(rng.choice(SPEAKERS[split]))))
    if kind == "two_voices":
        other = conditions.recorded(rng, sources.read(rng, split, str(rng.choice(SPEAKERS[split]))))
    samples = np.asarray(way_of(kind, index)(rng, speech, other), dtype=np.float32)
    return conditions.stored(rng, samples)


def samples_of(item):
    """The recording that (split, label, source or kind, index) names."""
    split, label, name, index = item
    rng = np.random.default_rng([SEED, zlib.crc32(f"{split}/{label}/{name}".encode()), index])
    return normal(rng, split, name) if label == "normal" else anomalous(rng, split, name, index)


def anomaly_counts(split):
    def count(kind):
        return ANOMALIES[split][0 if kind in anomalies.WITHOUT_READING else 2 if kind in HARD else 1]

    return {kind: count(kind) for kind in anomalies.KINDS}


def items(split, label):
    counts = NORMAL[split] if label == "normal" else anomaly_counts(split)
    return [(split, label, name, index) for name, count in counts.items() for index in range(count)]


def _path(folder, item):
    return os.path.join(folder, "-".join(map(str, item)))


def _make(task):
    folder, item = task
    path = f"{_path(folder, item)}.f32"
    if not os.path.exists(path):
        np.asarray(samples_of(item), dtype=np.float32).tofile(f"{path}.part")
        os.rename(f"{path}.part", path)


def build(pool):
    """For each set and label: items and the matrix of their features.

    The processes of `pool` make the recordings, once for each state of the code that makes them; the engine computes their features.
    """
    code = "".join(open(os.path.join(os.path.dirname(__file__), f"{name}.py"), encoding="utf-8").read()
                   for name in ("texts", "synthesis", "formats", "conditions", "speed", "anomalies", "sources"))
    folder = os.path.join(os.environ["DATASET_FOLDER"], f"{zlib.crc32((code + str(SEED)).encode()):08x}")
    os.makedirs(folder, exist_ok=True)
    wanted = {(split, label): items(split, label) for split in NORMAL for label in ("normal", "anomaly")}
    list(pool.map(_make, [(folder, item) for part in wanted.values() for item in part], chunksize=8))
    subprocess.run(["node", os.path.join(os.path.dirname(__file__), "extract.cjs"), folder], check=True)
    return {key: (part, np.array([np.fromfile(f"{_path(folder, item)}.f64") for item in part])) for key, part in wanted.items()}
