"""What is between a good reading and its file besides a telephone line: phone codecs, radios, and rooms with a tone of their own."""

import io

import numpy as np
import soundfile
import soxr
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
