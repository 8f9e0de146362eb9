"""Anomalies as somebody would write them who never saw the training's: none of its code is used here.

A maker takes (rng, y, z): a generator, a good recording and another one, float64 at 22,050 Hz; half of them ignore both.
"""

import numpy as np
from scipy import signal

SR = 22_050


def db(value):
    return 10 ** (value / 20)


def power_noise(rng, n, exponent):
    """Noise whose power falls as frequency to the `exponent`, of standard deviation 1."""
    spectrum = np.fft.rfft(rng.normal(size=n))
    f = np.fft.rfftfreq(n, 1 / SR)
    f[0] = f[1]
    noise = np.fft.irfft(spectrum / f ** (exponent / 2), n)
    return noise / noise.std()


def clock(rng, low=4, high=10):
    return np.arange(int(rng.uniform(low, high) * SR)) / SR


def loudness(y):
    """Root mean square of what is within 30 dB of the loudest tenth of a second."""
    blocks = y[: len(y) // 2_205 * 2_205].reshape(-1, 2_205)
    power = (blocks**2).mean(axis=1)
    return np.sqrt(power[power > power.max() / 1_000].mean())


def mixed(y, noise, snr):
    noise = np.resize(noise, len(y))
    out = y + noise / noise.std() * loudness(y) * db(-snr)
    return out / np.abs(out).max() * 0.7


def notes(rng, time, instrument):
    out = np.zeros(len(time))
    beat = int(rng.choice([0.25, 0.4, 0.5]) * SR)
    for place in range(0, len(time) - beat, beat):
        for semitone in rng.choice([0, 3, 5, 7, 10, 12, 15], size=rng.integers(1, 4)):
            tone = instrument(rng, 196 * 2 ** (semitone / 12), min(3 * beat, len(time) - place))
            out[place : place + len(tone)] += tone
    return out / np.abs(out).max() * rng.uniform(0.1, 0.6)


def string(rng, hertz, n):
    """Karplus and Strong's plucked string."""
    period = int(SR / hertz)
    feedback = np.zeros(period + 2)
    feedback[0], feedback[period], feedback[period + 1] = 1, -0.498, -0.498
    burst = np.zeros(n)
    burst[:period] = rng.uniform(-1, 1, min(period, n))[:n]
    return signal.lfilter([1], feedback, burst)


def organ(rng, hertz, n):
    t = np.arange(n) / SR
    return sum(np.sin(2 * np.pi * hertz * k * t) / k for k in (1, 2, 3, 4, 6, 8)) * np.minimum(1, np.minimum(t, t[::-1]) * 20)


def segments(rng, n, shortest, longest, share):
    """A mask of random pieces, together about `share` of n samples."""
    mask = np.zeros(n, dtype=bool)
    while mask.mean() < share:
        size = int(rng.uniform(shortest, longest) * SR)
        at = rng.integers(0, max(1, n - size))
        mask[at : at + size] = True
    return mask


def packets(rng, n, rate, burst):
    size = int(0.02 * SR)
    lost = np.repeat(rng.random(n // size // burst + 1) < rate, burst)
    return np.repeat(lost, size)[:n]


def last_packet_again(y, mask):
    out, size = y.copy(), int(0.02 * SR)
    for at in range(size, len(y) - size, size):
        if mask[at]:
            out[at : at + size] = out[at - size : at] * 0.8
    return out


def dipped(rng, y):
    curve = signal.filtfilt(*signal.butter(1, 30, fs=SR), 1.0 - segments(rng, len(y), 0.1, 0.5, 0.3))
    return y * np.clip(curve, db(-35), 1)


def vocoder(y, factor):
    hop = 256
    _, _, z = signal.stft(y, SR, nperseg=1_024, noverlap=768)
    places = np.arange(0, z.shape[1] - 1, factor)
    phase, frames = np.angle(z[:, 0]), []
    for place in places:
        i, part = int(place), place % 1
        frames.append(((1 - part) * np.abs(z[:, i]) + part * np.abs(z[:, i + 1])) * np.exp(1j * phase))
        expected = 2 * np.pi * hop * np.arange(513) / 1_024
        turn = np.angle(z[:, i + 1]) - np.angle(z[:, i]) - expected
        phase = phase + expected + turn - 2 * np.pi * np.round(turn / (2 * np.pi))
    return signal.istft(np.array(frames).T, SR, nperseg=1_024, noverlap=768)[1]


def overlap_add(y, factor):
    size, hop = 1_323, 661
    window, out = signal.windows.hann(size, sym=False), np.zeros(int(len(y) / factor) + 2 * size)
    for k in range(int((len(y) - size) / (hop * factor))):
        out[k * hop : k * hop + size] += y[int(k * hop * factor) :][:size] * window
    return out[: int(len(y) / factor)]


def bumps(rng, n, each_second, width, low, high):
    """Band-limited bursts with soft edges."""
    noise = signal.sosfilt(signal.butter(2, [low, high], "bandpass", fs=SR, output="sos"), rng.normal(size=n))
    gate = np.zeros(n)
    for at in rng.integers(0, n, max(2, int(n / SR * each_second))):
        size = int(rng.uniform(0.5, 1.5) * width * SR)
        piece = signal.windows.tukey(size, 0.4)[: n - at]
        gate[at : at + size] = np.maximum(gate[at : at + size], piece)
    return noise * gate


def impulses(rng, y, each_second, width):
    out = y.copy()
    for at in rng.integers(0, len(y) - width, max(3, int(len(y) / SR * each_second))):
        out[at : at + width] += rng.choice([-1, 1]) * rng.uniform(0.4, 1) * np.abs(y).max()
    return np.clip(out, -1, 1)


def overlaid(y, z, gain, whole):
    z = np.pad(z, (0, max(0, len(y) - len(z))))[: len(y)] if not whole else np.resize(z, len(y))
    out = y / loudness(y) + z / loudness(z) * db(gain)
    return out / np.abs(out).max() * 0.7


def tone(time, hertz):
    return np.sin(2 * np.pi * hertz * time)


def first(y, seconds):
    """So many seconds from where the voice begins, with a little before."""
    start = int(np.argmax(np.abs(y) > 0.05 * np.abs(y).max()))
    return y[max(0, start - SR // 10) : start + int(seconds * SR)]


MAKERS = {
    "silence": [lambda r, y, z: np.zeros(int(r.uniform(2, 10) * SR)), lambda r, y, z: r.normal(size=len(clock(r))) * 2e-5],
    "room_noise": [lambda r, y, z: power_noise(r, len(clock(r)), 1) * db(r.uniform(-62, -42)),
                   lambda r, y, z: power_noise(r, len(clock(r)), 1.7) * db(r.uniform(-60, -38))],
    "hum": [lambda r, y, z: (tone(t := clock(r), 50) + 0.5 * tone(t, 100) + 0.3 * tone(t, 150) + 0.1 * tone(t, 250)) * r.uniform(0.02, 0.2),
            lambda r, y, z: signal.square(2 * np.pi * 60 * clock(r)) * r.uniform(0.01, 0.1)],
    "fan": [lambda r, y, z: power_noise(r, len(t := clock(r)), 2) * (1 + 0.3 * tone(t, r.uniform(2, 9))) * r.uniform(0.02, 0.1),
            lambda r, y, z: signal.lfilter([1], [1, -0.95], r.normal(size=len(clock(r)))) * r.uniform(0.005, 0.03)],
    "white_noise": [lambda r, y, z: r.normal(size=len(clock(r))) * r.uniform(0.01, 0.2),
                    lambda r, y, z: r.uniform(-1, 1, len(clock(r))) * r.uniform(0.02, 0.5)],
    "clipping": [lambda r, y, z: np.clip(y / np.abs(y).max() * r.uniform(4, 12), -1, 1),
                 lambda r, y, z: np.clip(y / np.abs(y).max(), -(top := r.uniform(0.08, 0.25)), top) / top * r.uniform(0.5, 1)],
    "low_level": [lambda r, y, z: y / loudness(y) * db(r.uniform(-68, -55)),
                  lambda r, y, z: np.round(y * db(r.uniform(-50, -38)) * 32_768) / 32_768],
    "truncation": [lambda r, y, z: first(y, r.uniform(0.2, 0.9)), lambda r, y, z: y[: int(r.uniform(0.3, 1.1) * SR)],
                   lambda r, y, z: y[len(y) // 2 :][: int(r.uniform(0.15, 0.8) * SR)]],
    "tones": [lambda r, y, z: tone(clock(r), r.uniform(300, 3_000)) * r.uniform(0.05, 0.5),
              lambda r, y, z: (tone(t := clock(r), 440) + tone(t, 480)) * (t % 6 < 2) * 0.2,
              lambda r, y, z: signal.chirp(t := clock(r), 200, t[-1], 4_000) * r.uniform(0.05, 0.5)],
    "music": [lambda r, y, z: notes(r, clock(r), string), lambda r, y, z: notes(r, clock(r), organ)],
    "dropouts": [lambda r, y, z: y * ~segments(r, len(y), 0.05, 0.5, r.uniform(0.2, 0.5)), lambda r, y, z: y * ~packets(r, len(y), r.uniform(0.1, 0.3), 1),
                 lambda r, y, z: y * ~packets(r, len(y), r.uniform(0.15, 0.35), 4), lambda r, y, z: dipped(r, y),
                 lambda r, y, z: last_packet_again(y, packets(r, len(y), r.uniform(0.2, 0.4), 2))],
    "two_voices": [lambda r, y, z: overlaid(y, z, 0, True), lambda r, y, z: overlaid(y, z, -6, True), lambda r, y, z: overlaid(y, z, -3, False),
                   lambda r, y, z: overlaid(y, np.roll(y, int(1.7 * SR)), -1, True)],
    "double_speed": [lambda r, y, z: y[::2], lambda r, y, z: signal.resample(y, int(len(y) / r.uniform(1.8, 2.2))),
                     lambda r, y, z: vocoder(y, r.uniform(1.8, 2.3)), lambda r, y, z: overlap_add(y, r.uniform(1.8, 2.3))],
    "speech_under_noise": [lambda r, y, z: mixed(y, r.normal(size=len(y)), r.uniform(-5, 3)), lambda r, y, z: mixed(y, power_noise(r, len(y), 1), r.uniform(-5, 3)),
                           lambda r, y, z: mixed(y, notes(r, np.arange(len(y)) / SR, organ), r.uniform(-5, 1)),
                           lambda r, y, z: mixed(y, sum(np.roll(np.resize(z, len(y)), k * 9_999) for k in range(8)), r.uniform(-5, 0))],
    "rubbing": [lambda r, y, z: mixed(y, bumps(r, len(y), 2.5, 0.3, 30, 400), r.uniform(-8, 2)),
                lambda r, y, z: mixed(y, bumps(r, len(y), 4, 0.12, 200, 4_000), r.uniform(-8, 2))],
    "clicks": [lambda r, y, z: impulses(r, y, r.uniform(4, 30), 1), lambda r, y, z: impulses(r, y, r.uniform(4, 20), int(r.integers(5, 40)))],
}
