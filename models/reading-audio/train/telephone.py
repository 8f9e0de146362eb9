"""What a telephone line leaves of speech."""

import numpy as np
import soxr
from scipy.signal import butter, sosfiltfilt

from conditions import decibels
from formats import round_trip
from synthesis import RATE

LINE_RATE = 8_000


def _companded(samples, law):
    """Eight bits on a logarithmic scale (ITU-T G.711's two laws, as formulas)."""
    size = np.minimum(np.abs(samples), 1)
    if law == "mu":
        code = np.log1p(255 * size) / np.log(256)
        back = np.expm1(np.round(code * 127) / 127 * np.log(256)) / 255
    else:
        whole = 1 + np.log(87.6)
        code = np.where(size < 1 / 87.6, 87.6 * size, 1 + np.log(np.maximum(87.6 * size, 1))) / whole
        code = np.round(code * 127) / 127 * whole
        back = np.where(code < 1, code, np.exp(code - 1)) / 87.6
    return np.sign(samples) * back


def telephone(rng, samples):
    """Through a codec of telephones, or an old line: its band with steep or gentle edges, some hiss, eight bits."""
    if rng.random() < 0.4:
        return round_trip(samples, str(rng.choice(["mulaw8k", "amr", "3gp"])))
    low, high = rng.uniform(150, 400), rng.uniform(3_000, 3_800)
    line = soxr.resample(np.asarray(samples, dtype=np.float32), RATE, LINE_RATE)
    line = sosfiltfilt(butter(int(rng.integers(1, 7)), [low, high], "bandpass", fs=LINE_RATE, output="sos"), line)
    line = line + rng.standard_normal(len(line)) * decibels(rng.uniform(-90, -55))
    return soxr.resample(_companded(line, rng.choice(["mu", "a"])), LINE_RATE, RATE).astype(np.float32)
