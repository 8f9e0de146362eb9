"""What makes "normal" broad: pauses, rooms, microphones, levels, formats. All mild: a listener still hears a good reading."""

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import butter, oaconvolve, sosfilt

from formats import round_trip
from synthesis import RATE

# Roughly as often as recording apps are expected to use them.
FORMAT_WEIGHTS = {
    None: 0.28, "wav16k": 0.10, "mulaw8k": 0.05, "mp3_44k": 0.08, "mp3_16k": 0.06, "m4a_44k": 0.08, "m4a_16k": 0.06,
    "opus_24": 0.07, "opus_16": 0.05, "webm_32": 0.05, "vorbis": 0.04, "amr": 0.05, "3gp": 0.03,
}


def decibels(value):
    return 10 ** (value / 20)


def active_level(samples):
    """Root mean square of the louder half of 20 ms frames: pauses do not lower it."""
    frame = RATE // 50
    count = len(samples) // frame
    if count < 2:
        return float(np.sqrt(np.mean(samples**2)) + 1e-12)
    energy = np.sort(np.mean(samples[: count * frame].reshape(count, frame) ** 2, axis=1))
    return float(np.sqrt(energy[count // 2 :].mean()) + 1e-12)


def to_level(samples, level_db):
    """Scales so that the louder half of the frames has this level in dB of full scale, never clipping."""
    scaled = samples * (decibels(level_db) / active_level(samples))
    peak = float(np.abs(scaled).max())
    return (scaled * (0.95 / peak) if peak > 0.95 else scaled).astype(np.float32)


def _shaped_noise(rng, length, gain):
    """Noise of unit power; `gain` says how loud each frequency in hertz is."""
    size = next_fast_len(length, real=True)
    spectrum = rfft(rng.standard_normal(size, dtype=np.float32))
    frequency = np.maximum(np.arange(len(spectrum), dtype=np.float32) * (RATE / size), 20.0)
    noise = irfft(spectrum * gain(frequency).astype(np.float32), size)[:length]
    return noise / (np.std(noise) + 1e-12)


def coloured_noise(rng, length, slope):
    """Noise of unit power whose spectrum falls with frequency to the power of `slope` / 2 (0 white, 1 pink, 2 brown)."""
    return _shaped_noise(rng, length, lambda frequency: frequency ** (-slope / 2))


def rough_noise(rng, length):
    """Noise of unit power with a spectrum of its own: a random curve of 24 dB over the octaves, falling or not."""
    octaves = np.arange(0, 11)
    curve = rng.uniform(-12, 12, len(octaves)) - octaves * rng.uniform(0, 5)
    return _shaped_noise(rng, length, lambda frequency: decibels(np.interp(np.log2(frequency / 20), octaves, curve)))


def room(rng, samples, strong=False):
    """A small room: noise that decays over 0.08 to 0.35 s, quieter than the direct sound."""
    decay = rng.uniform(0.5, 0.9) if strong else rng.uniform(0.08, 0.35)
    length = int(decay * RATE)
    tail = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
    tail *= decibels(rng.uniform(-14, -4)) / np.sqrt(np.sum(tail**2))
    tail[0] += 1.0
    return oaconvolve(samples, tail.astype(np.float32))[: len(samples)]


def microphone(rng, samples):
    """A cheap microphone: what it leaves out below and above, and a broad tilt."""
    sections = [butter(1, rng.uniform(40, 200), "highpass", fs=RATE, output="sos")]
    if rng.random() < 0.5:
        sections.append(butter(int(rng.integers(1, 4)), rng.uniform(3_400, 9_500), "lowpass", fs=RATE, output="sos"))
    for section in sections:
        samples = sosfilt(section, samples)
    if rng.random() < 0.5:
        tilt = rng.uniform(-0.45, 0.45)
        samples = np.convolve(samples, [1.0, tilt])[: len(samples)]
    return samples


def pauses(rng, samples, longest_seconds=1.5):
    """Silence before and after, as between pressing the button and reading."""
    before, after = (np.zeros(int(rng.uniform(0.05, longest_seconds) * RATE), dtype=np.float32) for _ in range(2))
    return np.concatenate([before, samples, after])


def excerpt(rng, samples, longest_seconds):
    """At most `longest_seconds`, and at least 3 s, that may begin and end in the middle of a word, as where a timer stops the recording."""
    length = int(min(longest_seconds * RATE, max(3 * RATE, rng.uniform(0.4, 1.0) * len(samples))))
    start = int(rng.integers(0, max(1, len(samples) - length)))
    return samples[start : start + length]


def background(rng, samples, snr_db):
    """Adds steady coloured room noise `snr_db` below the speech's active level."""
    noise = coloured_noise(rng, len(samples), rng.uniform(0.6, 2.0))
    return samples + noise * active_level(samples) * decibels(-snr_db)


def recorded(rng, samples):
    """One ordinary recording of clean speech: the conditions of a quiet classroom and an ordinary phone."""
    # Most are short, only because they are sooner made and measured; what is measured of them does not depend on it.
    longest_seconds = rng.choice([8, 12, 30], p=[0.5, 0.35, 0.15])
    if len(samples) > longest_seconds * RATE or rng.random() < 0.25:
        samples = excerpt(rng, samples, longest_seconds)
    if rng.random() < 0.15:
        # As a studio delivers it.
        return to_level(samples, rng.uniform(-33, -13))
    samples = pauses(rng, samples)
    if rng.random() < 0.6:
        samples = room(rng, samples)
    if rng.random() < 0.85:
        samples = background(rng, samples, rng.uniform(20, 55))
    if rng.random() < 0.7:
        samples = microphone(rng, samples)
    return to_level(samples, rng.uniform(-33, -13))


def stored(rng, samples):
    """The samples after one of the formats, or as they are."""
    names = list(FORMAT_WEIGHTS)
    weights = np.array(list(FORMAT_WEIGHTS.values()))
    name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
    return samples if name is None else round_trip(samples, name)
