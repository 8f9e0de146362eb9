"""What recorders do wrong: clipping, low level, truncation."""

import numpy as np

from anomalies.shaping import at_level
from conditions import coloured_noise, decibels
from synthesis import RATE


# Clipping: recorded far too loud, the tops are cut off.


def clipping_hard(rng, speech, other):
    return np.clip(speech * (decibels(rng.uniform(8, 26)) / (np.abs(speech).max() + 1e-9)), -1, 1)


def clipping_turned_down(rng, speech, other):
    """Overloaded first and made quieter afterwards: nothing reaches full scale."""
    return clipping_hard(rng, speech, other) * rng.uniform(0.2, 0.9)


def clipping_soft(rng, speech, other):
    drive = speech * (decibels(rng.uniform(16, 34)) / (np.abs(speech).max() + 1e-9))
    return np.tanh(drive) * rng.uniform(0.4, 1.0)


def clipping_one_side(rng, speech, other):
    drive = speech * (decibels(rng.uniform(12, 26)) / (np.abs(speech).max() + 1e-9))
    return np.clip(drive, -1, rng.uniform(0.2, 0.8)) * rng.choice([-1, 1]) * rng.uniform(0.4, 1.0)


# Low level: somebody reads, too far away to be heard.


def low_clean(rng, speech, other):
    return at_level(speech, rng.uniform(-68, -52)) + rng.standard_normal(len(speech)) * decibels(rng.uniform(-96, -80))


def low_in_noise(rng, speech, other):
    level = rng.uniform(-66, -50)
    return at_level(speech, level) + coloured_noise(rng, len(speech), rng.uniform(0.5, 1.8)) * decibels(level - rng.uniform(0, 25))


def low_coarse(rng, speech, other):
    return np.round(at_level(speech, rng.uniform(-66, -50)) * 32_768) / 32_768


# Truncation: the recording stops at once.


def truncation_middle(rng, speech, other):
    middle = int(rng.uniform(0.2, 0.7) * len(speech))
    return speech[middle : middle + int(rng.uniform(0.08, 0.7) * RATE)]


def truncation_start(rng, speech, other):
    """The first moments: perhaps the pause before the reading and a syllable."""
    loud = np.flatnonzero(np.abs(speech) > 0.2 * np.abs(speech).max())
    return speech[max(0, loud[0] - int(rng.uniform(0, 0.4) * RATE)) : loud[0] + int(rng.uniform(0.04, 0.45) * RATE)]


def truncation_dead(rng, speech, other):
    """A word, and then the microphone is off."""
    out = np.zeros(len(speech)) if rng.random() < 0.5 else rng.standard_normal(len(speech)) * decibels(rng.uniform(-96, -75))
    loud = np.flatnonzero(np.abs(speech) > 0.2 * np.abs(speech).max())
    start = max(0, loud[0] - int(rng.uniform(0, 0.4) * RATE))
    piece = speech[start : loud[0] + int(rng.uniform(0.1, 0.9) * RATE)]
    out[: len(piece)] += piece
    return out


def truncation_lead(rng, speech, other):
    """As long as the pause before the reading and a word: less than a second and a quarter from the very start."""
    return speech[: int(rng.uniform(0.15, 1.25) * RATE)]


def truncation_end(rng, speech, other):
    """Only the last moment of the reading was kept."""
    loud = np.flatnonzero(np.abs(speech) > 0.2 * np.abs(speech).max())
    last = min(len(speech), loud[-1] + int(rng.uniform(0, 0.4) * RATE))
    return speech[max(0, last - int(rng.uniform(0.15, 1.2) * RATE)) : last]


def truncation_share(rng, speech, other):
    """A small part of the file arrived, cut wherever it fell."""
    return speech[: int(np.clip(rng.uniform(0.03, 0.2) * len(speech), 0.1 * RATE, 1.5 * RATE))]


def clipping_wrapped(rng, speech, other):
    """Integers that overflow: what is too loud comes out on the other side."""
    drive = speech * (decibels(rng.uniform(3, 14)) / (np.abs(speech).max() + 1e-9))
    return ((drive + 1) % 2 - 1) * rng.uniform(0.5, 1.0)


RECORDER = {
    "clipping": [clipping_hard, clipping_turned_down, clipping_soft, clipping_one_side, clipping_wrapped],
    "low_level": [low_clean, low_in_noise, low_coarse],
    "truncation": [truncation_middle, truncation_start, truncation_dead, truncation_lead, truncation_end, truncation_share],
}
