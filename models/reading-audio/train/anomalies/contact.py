"""Something touches the microphone or its cable: rubbing and clicks."""

import numpy as np

from anomalies.shaping import filtered
from conditions import active_level, coloured_noise, decibels
from synthesis import RATE


# Rubbing: a hand or a sleeve on the microphone over the reading.


def _bursts(rng, length, shortest, longest, most_apart):
    envelope, position = np.zeros(length), 0
    while position < length:
        hold = int(rng.uniform(shortest, longest) * RATE)
        envelope[position : position + hold] = rng.uniform(0.3, 1)
        position += hold + int(rng.uniform(0.05, most_apart) * RATE)
    smooth = np.hanning(int(rng.uniform(0.005, 0.03) * RATE) + 3)
    return np.convolve(envelope, smooth / smooth.sum(), "same")


def _over(rng, speech, noise, low_db=3, high_db=12):
    return np.clip(speech + noise / (np.std(noise) + 1e-9) * active_level(speech) * decibels(rng.uniform(low_db, high_db)), -1, 1)


def rubbing_low(rng, speech, other):
    noise = filtered(rng.standard_normal(len(speech)), 2, rng.uniform(200, 1_200), "lowpass")
    return _over(rng, speech, noise * _bursts(rng, len(speech), 0.1, 0.8, 0.7), 0, 10)


def rubbing_band(rng, speech, other):
    low = rng.uniform(100, 1_500)
    noise = filtered(rng.standard_normal(len(speech)), 1, [low, low * rng.uniform(2, 5)], "bandpass")
    return _over(rng, speech, noise * _bursts(rng, len(speech), 0.05, 0.5, 0.6), 0, 10)


def rubbing_thumps(rng, speech, other):
    noise = np.zeros(len(speech))
    for _ in range(int(len(speech) / RATE * rng.uniform(1.5, 6)) + 1):
        hold = int(rng.uniform(0.05, 0.3) * RATE)
        thump = filtered(rng.standard_normal(hold), 2, rng.uniform(80, 500), "lowpass")
        thump = thump / (thump.std() + 1e-9) * np.exp(-np.arange(hold) / hold * rng.uniform(2, 6)) * rng.uniform(0.3, 1)
        start = int(rng.integers(0, max(1, len(speech) - hold)))
        noise[start : start + hold] += thump[: len(speech) - start]
    return _over(rng, speech, noise, 0, 10)


def rubbing_scratch(rng, speech, other):
    """A finger over the grille: broad noise that shudders."""
    time = np.arange(len(speech)) / RATE
    shudder = 0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(8, 30) * time + 3 * np.cumsum(rng.standard_normal(len(speech))) / RATE**0.5)
    noise = coloured_noise(rng, len(speech), rng.uniform(0.6, 2.0)) * shudder**2
    return _over(rng, speech, noise * _bursts(rng, len(speech), 0.1, 0.7, 0.6), 0, 10)


# Clicks: crackle, many short pulses over the reading.


def _with_pulses(rng, speech, pulse, periodic=False):
    out = speech.copy()
    size = max(0.1, float(np.abs(speech).max()))
    strength = rng.uniform(0.25, 1.0)
    count = int(len(out) / RATE * np.exp(rng.uniform(np.log(3), np.log(40)))) + 1
    starts = np.linspace(0, max(1, len(out) - 200), count).astype(int) if periodic else rng.integers(0, max(1, len(out) - 200), count)
    for start in starts:
        shape = pulse() * (size * strength * rng.choice([-1, 1]) * rng.uniform(0.5, 1.0))
        out[start : start + len(shape)] += shape[: len(out) - start]
    return np.clip(out, -1, 1)


def clicks_ringing(rng, speech, other):
    decay, frequency = rng.uniform(3, 15), rng.uniform(0.3, 2.5)
    return _with_pulses(rng, speech, lambda: np.exp(-np.arange(60) / decay) * np.cos(np.arange(60) * frequency))


def clicks_samples(rng, speech, other):
    """Single samples gone wrong."""
    return _with_pulses(rng, speech, lambda: np.ones(int(rng.integers(1, 4))))


def clicks_steps(rng, speech, other):
    """Square pulses of 0.3 to 3 ms."""
    return _with_pulses(rng, speech, lambda: np.ones(int(rng.uniform(0.0003, 0.003) * RATE)), rng.random() < 0.3)


def clicks_crackle(rng, speech, other):
    """Bursts of noise of 1 to 4 ms, as from a bad contact or an old record."""
    return _with_pulses(rng, speech, lambda: np.clip(rng.standard_normal(int(rng.uniform(0.001, 0.004) * RATE)) * 0.5, -1, 1))


def rubbing_gusts(rng, speech, other):
    """Wind: deep noise that swells and sinks for half a second and more."""
    noise = coloured_noise(rng, len(speech), rng.uniform(1.8, 3.0)) * _bursts(rng, len(speech), 0.4, 1.8, 1.2)
    return _over(rng, speech, noise, 2, 14)


CONTACT = {
    "rubbing": [rubbing_low, rubbing_band, rubbing_thumps, rubbing_scratch, rubbing_gusts],
    "clicks": [clicks_ringing, clicks_samples, clicks_steps, clicks_crackle],
}
