"""Tones and music instead of a reading."""

import numpy as np

from anomalies.shaping import at_level, filtered, seconds
from conditions import decibels
from synthesis import RATE


# Tones: beeps, alarms or a steady whistle.


def tones_steady(rng, speech, other):
    length = seconds(rng)
    time = np.arange(length) / RATE
    tone = np.sin(2 * np.pi * rng.uniform(200, 4_500) * time)
    if rng.random() < 0.5:
        tone *= (time * rng.uniform(0.5, 3) % 1) < rng.uniform(0.3, 0.9)
    return at_level(tone, rng.uniform(-35, -8)) + rng.standard_normal(length) * decibels(rng.uniform(-90, -60))


def tones_keys(rng, speech, other):
    """Somebody presses the keys of a telephone."""
    out, length = [], seconds(rng)
    while sum(map(len, out)) < length:
        time = np.arange(int(rng.uniform(0.06, 0.5) * RATE)) / RATE
        out += [np.sin(2 * np.pi * rng.choice([697, 770, 852, 941]) * time) + np.sin(2 * np.pi * rng.choice([1209, 1336, 1477]) * time),
                np.zeros(int(rng.uniform(0.03, 0.6) * RATE))]
    out = np.concatenate(out)[:length]
    return at_level(out, rng.uniform(-32, -10)) + rng.standard_normal(len(out)) * decibels(rng.uniform(-90, -60))


def tones_alarm(rng, speech, other):
    """A siren or an alarm that glides or jumps, sine or square."""
    length = seconds(rng)
    time = np.arange(length) / RATE
    low = rng.uniform(300, 1_500)
    sweep = 0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.3, 6) * time)
    if rng.random() < 0.5:
        sweep = np.round(sweep)
    phase = np.cumsum(low * (1 + rng.uniform(0.2, 1.5) * sweep)) / RATE * 2 * np.pi
    wave = np.sin(phase) if rng.random() < 0.6 else filtered(np.sign(np.sin(phase)), 1, 4_000, "lowpass")
    return at_level(wave, rng.uniform(-32, -10)) + rng.standard_normal(length) * decibels(rng.uniform(-90, -60))


# Music.


def _song(rng, length, voice, drums):
    out = np.zeros(length)
    beat = rng.uniform(0.18, 0.6)
    scale = 220 * 2 ** (rng.integers(-5, 12) / 12) * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16]) / 12)

    def add(start, sound):
        out[start : start + len(sound)] += sound[: length - start]

    for step in range(int(length / RATE / beat)):
        start = int(step * beat * RATE)
        chord = [scale[i] / 2 for i in (0, 2, 4)] if step % 4 == 0 else []
        for note in [rng.choice(scale)] + chord:
            add(start, voice(note, int(beat * (4 if note < 220 else 1.2) * RATE)))
        if drums:
            hold = int(0.12 * RATE)
            time = np.arange(hold) / RATE
            add(start, (np.sin(2 * np.pi * 70 * time) * 3 if step % 2 == 0 else rng.standard_normal(hold)) * np.exp(-time * 30))
    return at_level(out, rng.uniform(-32, -12)) + rng.standard_normal(length) * decibels(-75)


def music_plucked(rng, speech, other):
    def voice(note, hold):
        time = np.arange(hold) / RATE
        return np.exp(-time * 4) * sum(np.sin(2 * np.pi * note * k * time) / k**1.5 for k in (1, 2, 3, 4, 5))

    return _song(rng, seconds(rng, 4, 12), voice, rng.random() < 0.3)


def music_bowed(rng, speech, other):
    vibrato = rng.uniform(0, 0.01)

    def voice(note, hold):
        time = np.arange(hold) / RATE
        phase = 2 * np.pi * note * (time + vibrato / 5 * np.sin(2 * np.pi * 5.5 * time) / 6.28)
        return np.minimum(1, time * 10) * np.minimum(1, (hold / RATE - time) * 10) * sum(np.sin(k * phase) / k**1.2 for k in range(1, 9))

    return _song(rng, seconds(rng, 4, 12), voice, rng.random() < 0.3)


def music_electric(rng, speech, other):
    ratio, depth = rng.choice([0.5, 1.0, 1.5, 2.0, 3.5]), rng.uniform(0.5, 5)

    def voice(note, hold):
        time = np.arange(hold) / RATE
        return np.exp(-time * 2) * np.sin(2 * np.pi * note * time + depth * np.exp(-time * 3) * np.sin(2 * np.pi * note * ratio * time))

    return _song(rng, seconds(rng, 4, 12), voice, True)


TONES_AND_MUSIC = {
    "tones": [tones_steady, tones_keys, tones_alarm],
    "music": [music_plucked, music_bowed, music_electric],
}
