"""Makes the three sets: features of good and anomalous recordings, each from its own seed."""

import os
import time
import zlib

import numpy as np

import anomalies
import conditions
import sources
from features import extract

SEED = 20251220
# Good recordings by source, for each set.
NORMAL = {
    "train": {"espeak_mr": 300, "espeak_hi": 240, "espeak_en": 180, "festival": 120, "prompts": 200, "letters": 160},
    "choose": {"espeak_mr": 80, "espeak_hi": 60, "espeak_en": 50, "festival": 40, "letters": 80, "one_letter": 30},
    "report": {"espeak_mr": 80, "espeak_hi": 60, "espeak_en": 50, "festival": 40, "prompts": 100, "telephone": 60,
               "letters": 80, "one_letter": 50},
}
ANOMALOUS_EACH = {"train": 36, "choose": 24, "report": 30}
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


def anomalous(rng, split, kind):
    # Two different sources, so that two voices are two people.
    speakers = [str(source) for source in rng.permutation(SPEAKERS[split])[:2]]
    count = 0 if kind in anomalies.WITHOUT_READING else 2 if kind == "two_voices" else 1
    readings = [conditions.recorded(rng, sources.read(rng, split, source)) for source in speakers[:count]] + [None, None]
    speech, other = readings[:2]
    return conditions.stored(rng, anomalies.make(rng, kind, speech, other))


def make(item):
    """Features of the recording that (split, label, source or kind, index) names."""
    split, label, name, index = item
    rng = np.random.default_rng([SEED, zlib.crc32(f"{split}/{label}/{name}".encode()), index])
    samples = (normal if label == "normal" else anomalous)(rng, split, name)
    return extract(samples)


def items(split, label):
    counts = NORMAL[split] if label == "normal" else {kind: ANOMALOUS_EACH[split] for kind in anomalies.KINDS}
    return [(split, label, name, index) for name, count in counts.items() for index in range(count)]


def build(pool, split, label):
    """(items, matrix of features), computed once by the processes of `pool` and kept in the cache under a name that holds its inputs' hash."""
    wanted = items(split, label)
    code = "".join(open(os.path.join(os.path.dirname(__file__), f"{name}.py"), encoding="utf-8").read()
                   for name in ("texts", "synthesis", "formats", "conditions", "anomalies", "sources", "features"))
    stamp = zlib.crc32((code + repr(wanted) + str(SEED)).encode())
    path = os.path.join(os.environ["DATASET_FOLDER"], f"{split}-{label}-{stamp:08x}.npy")
    if not os.path.exists(path):
        started = time.monotonic()
        np.save(path, np.array(list(pool.map(make, wanted, chunksize=8))))
        print(f"{split} {label}: {len(wanted)} recordings in {time.monotonic() - started:.0f} s", flush=True)
    return wanted, np.load(path)
