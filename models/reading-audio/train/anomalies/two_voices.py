"""Two voices: a second reader over the first."""

import numpy as np

from conditions import active_level, decibels, to_level
from synthesis import RATE


def _mixed(rng, speech, other, second_db):
    mix = speech / active_level(speech) + other / active_level(other) * decibels(second_db)
    return to_level(mix, rng.uniform(-26, -15))


def two_alike(rng, speech, other):
    return _mixed(rng, speech, np.resize(other, len(speech)), rng.uniform(-3, 3))


def two_nearer(rng, speech, other):
    return _mixed(rng, speech, np.roll(np.resize(other, len(speech)), int(rng.integers(0, len(speech)))), -rng.uniform(3, 9))


def two_in_part(rng, speech, other):
    """The second voice joins for at least half of the time."""
    second = np.resize(other, len(speech)).copy()
    hold = int(rng.uniform(0.5, 0.9) * len(speech))
    start = int(rng.integers(0, len(speech) - hold + 1))
    second[:start] *= 0
    second[start + hold :] *= 0
    return _mixed(rng, speech, second, rng.uniform(-4, 4))


def two_and_more(rng, speech, other):
    """A class reads in chorus, out of step: three or four voices."""
    second = np.resize(other, len(speech))
    shifted = [np.roll(second, int(rng.integers(RATE, max(RATE + 1, len(speech))))) * rng.uniform(0.4, 1) for _ in range(int(rng.integers(1, 3)))]
    return _mixed(rng, speech, second + sum(shifted), rng.uniform(-2, 4))


def two_shorter(rng, speech, other):
    """As long as the shorter of both."""
    length = min(len(speech), len(other))
    return _mixed(rng, speech[:length], other[:length], rng.uniform(-6, 2))


def two_own(rng, speech, other):
    """The same voice twice: the reading over a later part of itself."""
    length = len(speech)
    return _mixed(rng, speech, np.roll(speech, int(rng.uniform(0.2, 0.8) * length)), rng.uniform(-6, 0))


def two_turns(rng, speech, other):
    """The second voice comes and goes, a second or two at a time, over half of the reading."""
    second = np.resize(other, len(speech))
    length, gate, position = len(speech), np.zeros(len(speech)), int(rng.uniform(0, 0.5) * RATE)
    while position < length:
        hold = int(rng.uniform(0.6, 2.5) * RATE)
        gate[position : position + hold] = 1
        position += hold + int(rng.uniform(0.1, 1.2) * RATE)
    edge = np.hanning(int(0.04 * RATE))
    return _mixed(rng, speech, second * np.convolve(gate, edge / edge.sum(), "same") + 1e-9, rng.uniform(-4, 4))


TWO_VOICES = [two_alike, two_nearer, two_in_part, two_and_more, two_shorter, two_own, two_turns]
