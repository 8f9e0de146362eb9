"""Anomalies made from nothing or from good readings, by kind: to fit the detector's weights, to choose and to report."""

import numpy as np
from scipy.signal import butter, sosfilt

from conditions import active_level, coloured_noise, decibels, to_level
from synthesis import RATE


def _seconds(rng, low=3.0, high=20.0):
    return int(rng.uniform(low, high) * RATE)


def _at(samples, level_db):
    return samples / (np.sqrt(np.mean(samples**2)) + 1e-12) * decibels(level_db)


def silence(rng, speech):
    """No sound at all, or the noise of the converter alone."""
    length = _seconds(rng)
    return np.zeros(length) if rng.random() < 0.3 else rng.standard_normal(length) * decibels(rng.uniform(-96, -75))


def room_noise(rng, speech):
    """Nobody reads: an empty room."""
    return coloured_noise(rng, _seconds(rng), rng.uniform(0.8, 2.0)) * decibels(rng.uniform(-65, -38))


def hum(rng, speech):
    """Mains hum with its harmonics, louder than anything else."""
    length = _seconds(rng)
    time = np.arange(length) / RATE
    base = rng.choice([50.0, 60.0, 100.0])
    tone = sum(np.sin(2 * np.pi * base * k * time + rng.uniform(0, 6.28)) / k ** rng.uniform(0.6, 1.6) for k in range(1, 9))
    return _at(tone, rng.uniform(-32, -12)) + coloured_noise(rng, length, 1.0) * decibels(-60)


def fan(rng, speech):
    """A ceiling fan or a motor: brown noise that swells with the blades."""
    length = _seconds(rng)
    time = np.arange(length) / RATE
    blades = 1 + rng.uniform(0.1, 0.6) * np.sin(2 * np.pi * rng.uniform(1.5, 12) * time)
    return _at(coloured_noise(rng, length, rng.uniform(1.0, 2.2)) * blades, rng.uniform(-35, -15))


def white_noise(rng, speech):
    """A broken channel."""
    return _at(rng.standard_normal(_seconds(rng)), rng.uniform(-35, -8))


def clipping(rng, speech):
    """Recorded far too loud: the tops are cut off."""
    return np.clip(speech * (decibels(rng.uniform(8, 26)) / (np.abs(speech).max() + 1e-9)), -1, 1)


def low_level(rng, speech):
    """Somebody reads, too far away to be heard."""
    return _at(speech, rng.uniform(-68, -52)) + rng.standard_normal(len(speech)) * decibels(-88)


def truncation(rng, speech):
    """The recording stops at once."""
    middle = len(speech) // 3
    return speech[middle : middle + int(rng.uniform(0.08, 0.7) * RATE)]


def tones(rng, speech):
    """Beeps or a steady whistle."""
    length = _seconds(rng)
    time = np.arange(length) / RATE
    tone = np.sin(2 * np.pi * rng.uniform(250, 4_000) * time)
    if rng.random() < 0.5:
        tone *= (time * rng.uniform(0.5, 3) % 1) < rng.uniform(0.3, 0.9)
    return _at(tone, rng.uniform(-30, -8)) + rng.standard_normal(length) * decibels(-75)


def music(rng, speech):
    """Chords and a melody of plucked or bowed tones."""
    length = _seconds(rng, 4, 20)
    out = np.zeros(length)
    beat = rng.uniform(0.22, 0.6)
    scale = 220 * 2 ** (rng.integers(0, 12) / 12) * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16]) / 12)
    plucked = rng.random() < 0.6
    for step in range(int(length / RATE / beat)):
        notes = [rng.choice(scale)] + ([scale[i] / 2 for i in (0, 2, 4)] if step % 4 == 0 else [])
        for note in notes:
            hold = int(beat * (4 if note < 220 else 1.2) * RATE)
            start = int(step * beat * RATE)
            time = np.arange(min(hold, length - start)) / RATE
            envelope = np.exp(-time * 4) if plucked else np.minimum(1, time * 10) * np.minimum(1, (hold / RATE - time) * 10)
            out[start : start + len(time)] += envelope * sum(np.sin(2 * np.pi * note * k * time) / k**1.5 for k in (1, 2, 3, 4, 5))
    return _at(out, rng.uniform(-30, -12)) + rng.standard_normal(length) * decibels(-75)


def dropouts(rng, speech):
    """A bad connection: many pieces are missing."""
    out = speech.copy()
    position = 0
    while position < len(out):
        position += int(rng.uniform(0.08, 0.5) * RATE)
        gap = int(rng.uniform(0.05, 0.3) * RATE)
        out[position : position + gap] = 0
        position += gap
    return out


def double_speed(rng, speech):
    """Played at twice the speed, pitch and all."""
    factor = rng.uniform(1.7, 2.2)
    return np.interp(np.arange(0, len(speech) - 1, factor), np.arange(len(speech)), speech)


def speech_under_noise(rng, speech):
    """The reading drowns in noise."""
    noise = coloured_noise(rng, len(speech), rng.uniform(0.0, 1.6))
    mix = speech / active_level(speech) + noise * decibels(rng.uniform(0, 10))
    return to_level(mix, rng.uniform(-26, -14))


def rubbing(rng, speech):
    """A hand or a sleeve on the microphone: bursts of low noise over the reading."""
    length = len(speech)
    noise = sosfilt(butter(2, rng.uniform(300, 1_200), "lowpass", fs=RATE, output="sos"), rng.standard_normal(length))
    envelope = np.zeros(length)
    position = 0
    while position < length:
        hold = int(rng.uniform(0.1, 0.8) * RATE)
        envelope[position : position + hold] = rng.uniform(0.3, 1)
        position += hold + int(rng.uniform(0.05, 0.5) * RATE)
    envelope = np.convolve(envelope, np.hanning(501) / 250, "same")
    return np.clip(speech + noise / noise.std() * envelope * active_level(speech) * decibels(rng.uniform(3, 12)), -1, 1)


def clicks(rng, speech):
    """Crackle: many short pulses over the reading."""
    out = speech.copy()
    pulse = np.exp(-np.arange(60) / rng.uniform(3, 15)) * np.cos(np.arange(60) * rng.uniform(0.3, 2.5))
    size = max(0.3, float(np.abs(speech).max()))
    for _ in range(int(len(out) / RATE * rng.uniform(6, 40))):
        start = int(rng.integers(0, max(1, len(out) - 60)))
        out[start : start + 60] += (pulse * size * rng.choice([-1, 1]) * rng.uniform(0.4, 1.0))[: len(out) - start]
    return np.clip(out, -1, 1)


def two_voices(rng, speech, other=None):
    """A second reader, as loud as the first, over the whole reading."""
    other = np.resize(other, len(speech))
    mix = speech / active_level(speech) + other / active_level(other) * decibels(rng.uniform(-3, 3))
    return to_level(mix, rng.uniform(-26, -15))


KINDS = {
    "silence": silence, "room_noise": room_noise, "hum": hum, "fan": fan, "white_noise": white_noise,
    "clipping": clipping, "low_level": low_level, "truncation": truncation, "tones": tones, "music": music,
    "dropouts": dropouts, "two_voices": two_voices, "double_speed": double_speed,
    "speech_under_noise": speech_under_noise, "rubbing": rubbing, "clicks": clicks,
}


# Made from nothing: the reading is ignored.
WITHOUT_READING = {"silence", "room_noise", "hum", "fan", "white_noise", "tones", "music"}


def make(rng, kind, speech, other):
    """One anomalous recording of `kind`; `speech` and `other` are good recordings of two readers."""
    samples = two_voices(rng, speech, other) if kind == "two_voices" else KINDS[kind](rng, speech)
    return np.asarray(samples, dtype=np.float32)
