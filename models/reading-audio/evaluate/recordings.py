"""Which recordings the independent evaluation makes, each from its own seed."""

import functools
import os
import zlib

import numpy as np

from damage import MAKERS
from readers import GOOD

ANOMALIES = 28
SOURCES = [name for name, (_, _, connected) in GOOD.items() if connected]


@functools.cache
def good(source, number):
    y = GOOD[source][0](number)
    peak = np.abs(y).max()
    # Recorders are set differently: half of the recordings stay as loud as they are.
    return y if number % 2 else y / peak * [0.2, 0.5, 0.9][number // 2 % 3]


def anomalous(kind, number):
    rng = np.random.default_rng([7, zlib.crc32(kind.encode()), number])
    source, second = (SOURCES[int(rng.integers(len(SOURCES)))] for _ in range(2))
    y, z = good(source, int(rng.integers(16))), good(second, 16 + int(rng.integers(24)) if GOOD[second][1] > 16 else int(rng.integers(16)))
    makers = MAKERS[kind]
    return makers[number % len(makers)](rng, y, z)


def make(folder):
    """Writes what is not there yet; returns (label, source or kind, number) of each recording in the order of their names."""
    items = [("good", source, number) for source, (_, count, _) in GOOD.items() for number in range(count)]
    items += [("anomaly", kind, number) for kind in MAKERS for number in range(ANOMALIES)]
    for index, (label, name, number) in enumerate(items):
        path = folder / f"{index:04}.f32"
        if not path.exists():
            samples = good(name, number) if label == "good" else anomalous(name, number)
            np.clip(samples, -1, 1).astype(np.float32).tofile(f"{path}.part")
            os.rename(f"{path}.part", path)
    return items
