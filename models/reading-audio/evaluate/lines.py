"""What happens to good recordings on their way: endings, phone codecs, radios and rooms, written without a look at the training's.

A maker takes (rng, y): a generator and a good recording, float64 at 22,050 Hz.
"""

import io

import numpy as np
import soundfile
from scipy import signal

SR = 22_050
BLOCK = SR // 100


def loud_blocks(y, below_db):
    """For each 10 ms, whether it is within `below_db` of the loudest tenth of a second."""
    power = (y[: len(y) // BLOCK * BLOCK].reshape(-1, BLOCK) ** 2).mean(axis=1)
    return power > np.convolve(power, np.ones(10) / 10, "same").max() * 10 ** (-below_db / 10)


def spoken_span(y, below_db):
    """(first sample, one past the last) of what is that loud."""
    loud = np.flatnonzero(loud_blocks(y, below_db))
    return loud[0] * BLOCK, (loud[-1] + 1) * BLOCK


# Endings.


def last_sample(rng, y):
    """Saved from the first to the last sample of speech, by an editor who saw no more in the waveform."""
    start, end = spoken_span(y, rng.uniform(22, 34))
    return y[start:end]


def short_tail(rng, y):
    start, end = spoken_span(y, 30)
    return y[max(0, start - int(rng.uniform(0, 0.2) * SR)) : end + int(rng.uniform(0, 0.05) * SR)]


def voice_detector(rng, y):
    """Stops a fixed time after it hears nobody."""
    _, end = spoken_span(y, rng.uniform(25, 35))
    return y[: end + int(rng.uniform(0.1, 0.3) * SR)]


def faded(rng, y):
    start, end = spoken_span(y, 35)
    out = y[max(0, start - 500) : end + int(rng.uniform(0, 0.1) * SR)].copy()
    size = int(rng.uniform(0.02, 0.25) * SR)
    out[-size:] *= np.cos(np.linspace(0, np.pi / 2, len(out[-size:])))
    return out


def silence_removed(rng, y):
    """No pause is longer than 0.2 s, none is left at the ends."""
    loud = signal.convolve(loud_blocks(y, 35), np.ones(21), "same") > 0.5
    kept = y[: len(loud) * BLOCK].reshape(-1, BLOCK)[loud].ravel()
    return last_sample(rng, kept)


def button(rng, y):
    """The click of the button that ends the recording."""
    size = int(rng.uniform(0.003, 0.012) * SR)
    click = rng.normal(size=size) * np.exp(-np.arange(size) / size * 4) * np.abs(y).max() * rng.uniform(0.05, 0.4)
    quiet = rng.normal(size=int(rng.uniform(0.1, 0.5) * SR)) * np.abs(y).max() * 0.001
    return np.concatenate([y, quiet, click, quiet[: int(rng.uniform(0.005, 0.06) * SR)]])


CUT = [last_sample, short_tail]
TRIMMED = [voice_detector, faded, silence_removed, button]

# Telephones and radios.


def coded(y, rate, container, subtype):
    divisor = np.gcd(rate, SR)
    narrow = signal.resample_poly(y / max(1.0, np.abs(y).max() / 0.9), rate // divisor, SR // divisor)
    file = io.BytesIO()
    soundfile.write(file, narrow, rate, format=container, subtype=subtype)
    file.seek(0)
    back, _ = soundfile.read(file)
    return signal.resample_poly(back, SR // divisor, rate // divisor)


def band(y, low, high):
    spectrum, frequency = np.fft.rfft(y), np.fft.rfftfreq(len(y), 1 / SR)
    return np.fft.irfft(spectrum / (1 + (low / np.maximum(frequency, 1)) ** 8 + (frequency / high) ** 16), len(y))


CODECS = [lambda r, y: coded(y, 8_000, "WAV", "GSM610"), lambda r, y: coded(band(y, 300, 3_400), 8_000, "AU", "G721_32"),
          lambda r, y: coded(y, 8_000, "AU", "G723_24"), lambda r, y: coded(y, 8_000, "OGG", "OPUS"),
          lambda r, y: coded(band(y, 250, 3_600), 8_000, "WAV", "ULAW"), lambda r, y: coded(y, 11_025, "WAV", "MS_ADPCM"),
          lambda r, y: coded(y, 16_000, "MP3", "MPEG_LAYER_III")]


def transceiver(rng, y):
    """A narrow band, a strong compressor and hiss."""
    y = band(y, rng.uniform(250, 400), rng.uniform(2_500, 3_200))
    envelope = np.sqrt(signal.sosfiltfilt(signal.butter(1, 8, fs=SR, output="sos"), y**2).clip(1e-9))
    y = y / (envelope + 0.1 * envelope.max()) ** rng.uniform(0.3, 0.6)
    return y / np.abs(y).max() * 0.6 + band(rng.normal(size=len(y)), 250, 3_200) * rng.uniform(0.001, 0.008)


def broadcast(rng, y):
    """As a small station sends it: up to 4.5 kHz, evened out, and the highest peaks rounded."""
    y = band(y, 60, 4_500)
    envelope = np.sqrt(signal.sosfiltfilt(signal.butter(1, 3, fs=SR, output="sos"), y**2).clip(1e-9))
    y = y / (envelope + 0.2 * envelope.max()) ** rng.uniform(0.2, 0.5)
    y = np.tanh(y / np.abs(y).max() * rng.uniform(0.7, 1.3))
    return y * rng.uniform(0.3, 0.9) + rng.normal(size=len(y)) * rng.uniform(0.0003, 0.002)


RADIO = [transceiver, broadcast]

# Rooms.


def tone_of_the_room(rng, y):
    """Some seconds of a room before and after, with its own noise and a little of the mains."""
    before, after = (np.zeros(int(rng.uniform(0.2, 2) * SR)) for _ in range(2))
    y = np.concatenate([before, y, after])
    noise = signal.lfilter([1], [1, -rng.uniform(0, 0.97)], rng.normal(size=len(y)))
    mains = sum(np.sin(2 * np.pi * 50 * k * np.arange(len(y)) / SR) / k for k in (1, 2, 3))
    level = np.abs(y).max() / 8
    return y + level * (noise / noise.std() * 10 ** (-rng.uniform(22, 45) / 20) + mains * 10 ** (-rng.uniform(35, 60) / 20))


def echoing(rng, y):
    time = np.arange(int(0.3 * SR)) / SR
    tail = rng.normal(size=len(time)) * np.exp(-time / rng.uniform(0.02, 0.06))
    wet = signal.fftconvolve(y, tail)[: len(y)]
    return y + wet / wet.std() * y.std() * rng.uniform(0.15, 0.5)


ROOMS = [tone_of_the_room, echoing]
