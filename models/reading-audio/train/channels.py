"""What is between a good reading and its file besides a telephone line: phone codecs, radios, studios, and rooms with a tone of their own."""

import io

import numpy as np
import soundfile
import soxr
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, lfilter, sosfilt

from conditions import active_level, coloured_noise, decibels, microphone, pauses, room, rough_noise, to_level
from formats import round_trip
from synthesis import RATE

CODECS = ["alaw8k", "mulaw8k", "g726_32", "g726_24", "amr", "3gp", "amr_59", "opus_8k", "opus_12k", "g722", "ima", "gsm", "gsm"]


def _gsm(samples):
    """GSM full rate (GSM 06.10), which libsndfile has and FFmpeg's build here has not."""
    file = io.BytesIO()
    soundfile.write(file, np.clip(soxr.resample(samples, RATE, 8_000), -1, 1), 8_000, format="WAV", subtype="GSM610")
    file.seek(0)
    return soxr.resample(soundfile.read(file, dtype="float32")[0], 8_000, RATE).astype(np.float32)


def coded(rng, samples):
    name = str(rng.choice(CODECS))
    samples = np.asarray(samples, dtype=np.float32)
    if rng.random() < 0.4:
        low, high = rng.uniform(150, 350), rng.uniform(3_200, 3_900)
        samples = sosfilt(butter(int(rng.integers(1, 5)), [low, high], "bandpass", fs=RATE, output="sos"), samples).astype(np.float32)
    return _gsm(samples) if name == "gsm" else round_trip(samples, name)


def _compressed(rng, samples):
    """Louder where it is quiet, by a follower with a fast attack: what is over the speech's level is divided by the ratio, in decibels."""
    release = np.exp(-1 / (rng.uniform(0.03, 0.3) * RATE))
    power = np.maximum(lfilter([1 - release], [1, -release], samples**2), 1e-10)
    level = 10 * np.log10(power) - 20 * np.log10(active_level(samples))
    gain_db = -np.maximum(level, -rng.uniform(12, 30)) * (1 - 1 / rng.uniform(1.5, 6))
    return samples * decibels(gain_db)


def radio(rng, samples):
    """A narrow or a middling band, compressed but not overdriven, which would be clipping, with hiss and perhaps the squelch's short noise at its end."""
    low, high = (rng.uniform(200, 500), rng.uniform(2_300, 3_400)) if rng.random() < 0.6 else (rng.uniform(50, 150), rng.uniform(3_800, 8_000))
    samples = sosfilt(butter(int(rng.integers(1, 6)), [low, high], "bandpass", fs=RATE, output="sos"), samples)
    samples = _compressed(rng, samples)
    hiss = coloured_noise(rng, len(samples), rng.uniform(-0.5, 1)) * active_level(samples)
    out = samples + hiss * decibels(-rng.uniform(22, 50))
    if rng.random() < 0.15:
        squelch = rng.standard_normal(int(rng.uniform(0.02, 0.15) * RATE)) * active_level(samples) * decibels(-rng.uniform(6, 25))
        out = np.concatenate([out, squelch])
    return to_level(out, rng.uniform(-30, -12))


def _gated(rng, samples):
    """Shut in pauses, as noise suppression does: by 12 to 60 dB, opened within milliseconds and shut a little after the last sound."""
    frame = RATE // 200
    level = np.sqrt(np.mean(samples[: len(samples) // frame * frame].reshape(-1, frame) ** 2, axis=1)) / active_level(samples)
    loud = np.flatnonzero(level > decibels(-rng.uniform(18, 40)))
    is_open, hold = np.zeros(len(level)), int(rng.uniform(0.02, 0.25) * 200)
    for place in loud:
        is_open[max(0, place - 1) : place + hold] = 1
    gain = np.repeat(np.maximum(is_open, decibels(-rng.uniform(12, 60))), frame)
    gain = np.pad(gain, (0, len(samples) - len(gain)), mode="edge")
    size = max(2, int(rng.choice([0.001, 0.004, 0.015]) * RATE))
    return samples * np.convolve(np.pad(gain, size, mode="edge"), np.ones(size) / size, "same")[size:-size]


def _limited(rng, samples):
    """Turned down where peaks are, before they come, so that the loud parts are all as loud and none is clipped."""
    size = int(rng.uniform(0.003, 0.02) * RATE)
    peaks = maximum_filter1d(np.abs(samples), 2 * size + 1) / (active_level(samples) * decibels(rng.uniform(5, 11)))
    smooth = np.convolve(np.pad(np.maximum(peaks, 1), size, mode="edge"), np.ones(size) / size, "same")[size:-size]
    return samples / np.maximum(smooth, 1)


def _evened(rng, samples):
    """As stations do that want to be the loudest: what is quiet is lifted within milliseconds, by up to 45 dB, until little rises or falls."""
    time = rng.uniform(0.003, 0.04) * RATE
    power = np.maximum(lfilter([1 - np.exp(-1 / time)], [1, -np.exp(-1 / time)], samples**2), 1e-10)
    level = 10 * np.log10(power) - 20 * np.log10(active_level(samples))
    return samples * decibels(-np.maximum(level, -rng.uniform(20, 45)) * (1 - 1 / rng.uniform(3, 20)))


def studio(rng, samples):
    """What a studio, a game's maker or a telephone's own automatic does: even loudness, a gate, a limiter, and perhaps eight bits."""
    samples = np.asarray(samples, dtype=np.float64)
    if rng.random() < 0.75:
        samples = _compressed(rng, samples)
    if rng.random() < 0.45:
        samples = _gated(rng, samples)
    if rng.random() < 0.4:
        samples = (_evened if rng.random() < 0.6 else _compressed)(rng, samples)
    if rng.random() < 0.6:
        samples = _limited(rng, samples)
    if rng.random() < 0.25:
        rate = int(rng.choice([8_000, 11_025, 22_050]))
        low = soxr.resample(samples, RATE, rate)
        low = np.round(low * (rng.uniform(0.3, 0.95) / (np.abs(low).max() + 1e-9)) * 128) / 128
        samples = soxr.resample(low, rate, RATE)
    return to_level(samples, rng.uniform(-30, -10))


def room_tone(rng, samples):
    """A room that is heard before, between and after the words: of any colour, with the mains or a fan in it, 16 to 48 dB below."""
    samples = pauses(rng, samples, rng.choice([0.3, 1.0, 2.5]))
    if rng.random() < 0.5:
        samples = room(rng, samples)
    length, time = len(samples), np.arange(len(samples)) / RATE
    noise = coloured_noise(rng, length, rng.uniform(0, 2.5)) if rng.random() < 0.5 else rough_noise(rng, length)
    noise = noise * (1 + rng.uniform(0, 0.3) * np.sin(2 * np.pi * rng.uniform(0.1, 8) * time))
    out = samples + noise * active_level(samples) * decibels(-rng.uniform(16, 48))
    if rng.random() < 0.4:
        mains = rng.choice([50, 60])
        hum = sum(np.sin(2 * np.pi * mains * k * time + rng.uniform(0, 6.28)) * rng.uniform(0, 1) / k for k in range(1, 9))
        out = out + hum / (np.std(hum) + 1e-9) * active_level(samples) * decibels(-rng.uniform(26, 50))
    if rng.random() < 0.5:
        out = microphone(rng, out)
    return to_level(out, rng.uniform(-33, -13))
