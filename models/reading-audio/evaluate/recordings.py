"""Which recordings the independent evaluation makes, each from its own seed."""

import functools
import os
import zlib

import numpy as np

from damage import MAKERS
from readers import GOOD

# Of each kind; truncation, whose price is asked about, twice as many.
ANOMALIES = {"independent": 28, "kept_back": 12, "kept_back_0_5": 16}


def anomaly_count(group, kind):
    return ANOMALIES[group] * (2 if kind == "truncation" else 1)


def sources(group):
    """Names of the good recordings that are connected speech."""
    return [name for name, (_, _, connected) in GOOD[group].items() if connected]


@functools.cache
def good(group, source, number):
    y = GOOD[group][source][0](number)
    peak = np.abs(y).max()
    # Recorders are set differently: half of the recordings stay as loud as they are.
    return y if number % 2 else y / peak * [0.2, 0.5, 0.9][number // 2 % 3]


def anomalous(group, kind, number):
    rng = np.random.default_rng([7, zlib.crc32(f"{group}/{kind}".encode()), number])
    names = sources(group)
    source, second = (names[int(rng.integers(len(names)))] for _ in range(2))
    # The second voice is never the first recording itself.
    half, count = GOOD[group][source][1] // 2, GOOD[group][second][1]
    y, z = good(group, source, int(rng.integers(half))), good(group, second, int(rng.integers(count // 2, count)))
    makers = MAKERS[kind]
    return makers[number % len(makers)](rng, y, z)


def make(folder, group):
    """Writes what is not there yet; returns (label, source or kind, number) of each recording in the order of their names."""
    items = [("good", source, number) for source, (_, count, _) in GOOD[group].items() for number in range(count)]
    items += [("anomaly", kind, number) for kind in MAKERS for number in range(anomaly_count(group, kind))]
    for index, (label, name, number) in enumerate(items):
        path = folder / f"{index:04}.f32"
        if not path.exists():
            samples = good(group, name, number) if label == "good" else anomalous(group, name, number)
            np.clip(samples, -1, 1).astype(np.float32).tofile(f"{path}.part")
            os.rename(f"{path}.part", path)
    return items
