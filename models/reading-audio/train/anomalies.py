"""Anomalies made from nothing or from good readings, by kind, each in several ways.

A kind in one way only teaches a detector that way. `train.py` also measures each way by a detector that was fitted without it.
"""

import numpy as np
from scipy.signal import butter, sosfilt

from conditions import active_level, coloured_noise, decibels, rough_noise, to_level
from speed import stretched
from synthesis import RATE


def _seconds(rng, low=3.0, high=12.0):
    return int(rng.uniform(low, high) * RATE)


def _at(samples, level_db):
    return samples / (np.sqrt(np.mean(samples**2)) + 1e-12) * decibels(level_db)


def _filtered(samples, order, frequency, kind):
    return sosfilt(butter(order, frequency, kind, fs=RATE, output="sos"), samples)


def _swell(rng, length, depth, rate):
    """A slow random curve around 1: `rate` turns a second."""
    points = max(2, int(length / RATE * rate) + 2)
    return np.interp(np.linspace(0, points - 1, length), np.arange(points), 1 + depth * rng.uniform(-1, 1, points))


# Silence: no sound at all, or the noise of the converter alone.


def silence_digital(rng, speech, other):
    return np.zeros(_seconds(rng)) + rng.choice([0.0, rng.uniform(-0.01, 0.01)])


def silence_converter(rng, speech, other):
    return rng.standard_normal(_seconds(rng)) * decibels(rng.uniform(-96, -75))


def silence_last_bit(rng, speech, other):
    return np.round(rng.standard_normal(_seconds(rng)) * rng.uniform(0.2, 2)) / 32_768


# Room noise: nobody reads in an empty room.


def room_coloured(rng, speech, other):
    return coloured_noise(rng, _seconds(rng), rng.uniform(0.8, 2.0)) * decibels(rng.uniform(-65, -38))


def room_rough(rng, speech, other):
    length = _seconds(rng)
    return rough_noise(rng, length) * _swell(rng, length, 0.5, 0.7) * decibels(rng.uniform(-62, -35))


def room_with_steps(rng, speech, other):
    """Somebody walks about or puts something down now and then."""
    length = _seconds(rng)
    out = coloured_noise(rng, length, rng.uniform(0.6, 2.0))
    for _ in range(int(length / RATE * rng.uniform(0.2, 0.8)) + 1):
        hold = int(rng.uniform(0.03, 0.2) * RATE)
        thump = _filtered(rng.standard_normal(hold), 2, rng.uniform(200, 2_500), "lowpass") * np.exp(-np.arange(hold) / hold * 6)
        start = int(rng.integers(0, max(1, length - hold)))
        out[start : start + hold] += (_at(thump, rng.uniform(0, 20)))[: length - start]
    return _at(out, rng.uniform(-60, -38))


# Hum of the mains, louder than anything else.


def hum_harmonics(rng, speech, other):
    length = _seconds(rng)
    time = np.arange(length) / RATE
    base = rng.choice([50.0, 60.0, 100.0])
    tone = sum(np.sin(2 * np.pi * base * k * time + rng.uniform(0, 6.28)) / k ** rng.uniform(0.6, 1.6) for k in range(1, 9))
    return _at(tone, rng.uniform(-40, -12)) + coloured_noise(rng, length, 1.0) * decibels(rng.uniform(-75, -55))


def hum_buzz(rng, speech, other):
    """A dimmer or a bad cable: a rectified or a sawtooth wave, dulled."""
    length = _seconds(rng)
    phase = np.arange(length) / RATE * rng.choice([50.0, 60.0, 100.0, 120.0]) % 1
    wave = np.abs(np.sin(np.pi * phase)) if rng.random() < 0.5 else phase
    wave = _filtered(wave - wave.mean(), 1, rng.uniform(300, 3_000), "lowpass")
    return _at(wave, rng.uniform(-40, -14)) + coloured_noise(rng, length, 1.0) * decibels(rng.uniform(-75, -55))


def hum_telephone(rng, speech, other):
    """A mobile telephone beside the microphone: 217 pulses a second, in bursts."""
    length = _seconds(rng)
    time = np.arange(length) / RATE
    pulses = ((time * 217) % 1 < rng.uniform(0.1, 0.3)) * ((time * rng.uniform(0.5, 4)) % 1 < rng.uniform(0.5, 1.0))
    return _at(_filtered(pulses * 1.0, 1, 60, "highpass"), rng.uniform(-36, -16)) + coloured_noise(rng, length, 1) * decibels(-65)


# A ceiling fan, a motor or traffic.


def fan_blades(rng, speech, other):
    length = _seconds(rng)
    time = np.arange(length) / RATE
    blades = 1 + rng.uniform(0.1, 0.6) * np.sin(2 * np.pi * rng.uniform(1.5, 12) * time)
    return _at(coloured_noise(rng, length, rng.uniform(1.0, 2.2)) * blades, rng.uniform(-40, -15))


def fan_motor(rng, speech, other):
    length = _seconds(rng)
    time = np.arange(length) / RATE
    turn = rng.uniform(20, 140)
    tone = sum(np.sin(2 * np.pi * turn * k * time + rng.uniform(0, 6.28)) * rng.uniform(0, 1) / k for k in range(1, 12))
    return _at(_at(tone, rng.uniform(-12, 3)) + coloured_noise(rng, length, rng.uniform(0.8, 2.0)), rng.uniform(-40, -15))


def fan_traffic(rng, speech, other):
    length = _seconds(rng)
    return _at(rough_noise(rng, length) * _swell(rng, length, 0.8, rng.uniform(0.1, 0.6)), rng.uniform(-40, -15))


# White noise: a broken channel.


def white_gaussian(rng, speech, other):
    return _at(rng.standard_normal(_seconds(rng)), rng.uniform(-40, -8))


def white_uniform(rng, speech, other):
    return _at(rng.uniform(-1, 1, _seconds(rng)), rng.uniform(-40, -8))


def white_static(rng, speech, other):
    """A radio between stations: heavier tails, sometimes in bursts."""
    length = _seconds(rng)
    noise = np.clip(rng.standard_t(rng.uniform(2.5, 6), length), -12, 12)
    return _at(noise * _swell(rng, length, rng.uniform(0, 0.8), 3), rng.uniform(-40, -12))


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
    return _at(speech, rng.uniform(-68, -52)) + rng.standard_normal(len(speech)) * decibels(rng.uniform(-96, -80))


def low_in_noise(rng, speech, other):
    level = rng.uniform(-66, -50)
    return _at(speech, level) + coloured_noise(rng, len(speech), rng.uniform(0.5, 1.8)) * decibels(level - rng.uniform(0, 25))


def low_coarse(rng, speech, other):
    return np.round(_at(speech, rng.uniform(-66, -50)) * 32_768) / 32_768


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


# Tones: beeps, alarms or a steady whistle.


def tones_steady(rng, speech, other):
    length = _seconds(rng)
    time = np.arange(length) / RATE
    tone = np.sin(2 * np.pi * rng.uniform(200, 4_500) * time)
    if rng.random() < 0.5:
        tone *= (time * rng.uniform(0.5, 3) % 1) < rng.uniform(0.3, 0.9)
    return _at(tone, rng.uniform(-35, -8)) + rng.standard_normal(length) * decibels(rng.uniform(-90, -60))


def tones_keys(rng, speech, other):
    """Somebody presses the keys of a telephone."""
    out, length = [], _seconds(rng)
    while sum(map(len, out)) < length:
        time = np.arange(int(rng.uniform(0.06, 0.5) * RATE)) / RATE
        out += [np.sin(2 * np.pi * rng.choice([697, 770, 852, 941]) * time) + np.sin(2 * np.pi * rng.choice([1209, 1336, 1477]) * time),
                np.zeros(int(rng.uniform(0.03, 0.6) * RATE))]
    out = np.concatenate(out)[:length]
    return _at(out, rng.uniform(-32, -10)) + rng.standard_normal(len(out)) * decibels(rng.uniform(-90, -60))


def tones_alarm(rng, speech, other):
    """A siren or an alarm that glides or jumps, sine or square."""
    length = _seconds(rng)
    time = np.arange(length) / RATE
    low = rng.uniform(300, 1_500)
    sweep = 0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.3, 6) * time)
    if rng.random() < 0.5:
        sweep = np.round(sweep)
    phase = np.cumsum(low * (1 + rng.uniform(0.2, 1.5) * sweep)) / RATE * 2 * np.pi
    wave = np.sin(phase) if rng.random() < 0.6 else _filtered(np.sign(np.sin(phase)), 1, 4_000, "lowpass")
    return _at(wave, rng.uniform(-32, -10)) + rng.standard_normal(length) * decibels(rng.uniform(-90, -60))


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
    return _at(out, rng.uniform(-32, -12)) + rng.standard_normal(length) * decibels(-75)


def music_plucked(rng, speech, other):
    def voice(note, hold):
        time = np.arange(hold) / RATE
        return np.exp(-time * 4) * sum(np.sin(2 * np.pi * note * k * time) / k**1.5 for k in (1, 2, 3, 4, 5))

    return _song(rng, _seconds(rng, 4, 12), voice, rng.random() < 0.3)


def music_bowed(rng, speech, other):
    vibrato = rng.uniform(0, 0.01)

    def voice(note, hold):
        time = np.arange(hold) / RATE
        phase = 2 * np.pi * note * (time + vibrato / 5 * np.sin(2 * np.pi * 5.5 * time) / 6.28)
        return np.minimum(1, time * 10) * np.minimum(1, (hold / RATE - time) * 10) * sum(np.sin(k * phase) / k**1.2 for k in range(1, 9))

    return _song(rng, _seconds(rng, 4, 12), voice, rng.random() < 0.3)


def music_electric(rng, speech, other):
    ratio, depth = rng.choice([0.5, 1.0, 1.5, 2.0, 3.5]), rng.uniform(0.5, 5)

    def voice(note, hold):
        time = np.arange(hold) / RATE
        return np.exp(-time * 2) * np.sin(2 * np.pi * note * time + depth * np.exp(-time * 3) * np.sin(2 * np.pi * note * ratio * time))

    return _song(rng, _seconds(rng, 4, 12), voice, True)


# Dropouts: a bad connection, many pieces are missing.


def _holes(rng, length):
    """Starts and lengths of what is missing: 12 to 60 % of the whole."""
    gap = rng.uniform(0.02, 0.3)
    keep = gap * rng.uniform(0.7, 6)
    position, found = int(rng.uniform(0, keep) * RATE), []
    while position < length:
        hole = int(gap * rng.uniform(0.5, 1.5) * RATE)
        found.append((position, min(hole, length - position)))
        position += hole + int(max(0.02, rng.exponential(keep) if rng.random() < 0.5 else keep * rng.uniform(0.5, 1.5)) * RATE)
    return found


def dropouts_zero(rng, speech, other):
    out = speech.copy()
    for start, hole in _holes(rng, len(out)):
        out[start : start + hole] = 0
    return out


def dropouts_faded(rng, speech, other):
    """Edges of 1 to 12 ms, down to silence or to something very quiet."""
    out = np.ones(len(speech))
    floor = rng.choice([0.0, decibels(rng.uniform(-50, -26))])
    for start, hole in _holes(rng, len(out)):
        out[start : start + hole] = floor
    edge = np.hanning(int(rng.uniform(0.002, 0.024) * RATE) + 3)
    return speech * np.convolve(out, edge / edge.sum(), "same")


def dropouts_comfort_noise(rng, speech, other):
    out = speech.copy()
    noise = coloured_noise(rng, len(out), rng.uniform(0, 1.5)) * active_level(speech) * decibels(rng.uniform(-50, -25))
    for start, hole in _holes(rng, len(out)):
        out[start : start + hole] = noise[start : start + hole]
    return out


def dropouts_repeated(rng, speech, other):
    """What was heard last goes on, as receivers conceal losses: again and again, fading."""
    out = speech.copy()
    frame = int(rng.uniform(0.01, 0.04) * RATE)
    decay = rng.uniform(0.3, 1.0)
    for start, hole in _holes(rng, len(out)):
        if start < frame:
            continue
        count = hole // frame + 1
        out[start : start + hole] = (np.tile(out[start - frame : start], count) * np.repeat(decay ** np.arange(1, count + 1), frame))[:hole]
    return out


def _twice(speech):
    """What is shortened afterwards shall not be told by being short."""
    return np.concatenate([speech, speech])


def dropouts_skipped(rng, speech, other):
    """What is missing is cut out, and the rest is joined."""
    speech = _twice(speech)
    kept = np.ones(len(speech), dtype=bool)
    for start, hole in _holes(rng, len(speech)):
        kept[start : start + hole] = False
    return speech[kept] if kept.sum() > RATE else speech[: 2 * RATE]


# Two voices: a second reader over the first.


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


# Double speed.


def double_linear(rng, speech, other):
    speech = _twice(speech)
    return np.interp(np.arange(0, len(speech) - 1, rng.uniform(1.7, 2.3)), np.arange(len(speech)), speech)


def double_resampled(rng, speech, other):
    import soxr

    return soxr.resample(_twice(speech).astype(np.float32), RATE * rng.uniform(1.7, 2.3), RATE)


def double_same_pitch(rng, speech, other):
    """Shortened as players do, the pitch kept: pieces of the waveform joined where they fit."""
    return stretched(rng, _twice(speech), rng.uniform(1.7, 2.3))


def double_vocoder(rng, speech, other):
    import librosa

    return librosa.effects.time_stretch(_twice(speech).astype(np.float32), rate=float(rng.uniform(1.7, 2.3)))


# Speech under noise: the reading drowns.


def under_coloured(rng, speech, other):
    mix = speech / active_level(speech) + coloured_noise(rng, len(speech), rng.uniform(0.0, 1.8)) * decibels(rng.uniform(-2, 10))
    return to_level(mix, rng.uniform(-28, -14))


def under_rough(rng, speech, other):
    mix = speech / active_level(speech) + rough_noise(rng, len(speech)) * _swell(rng, len(speech), 0.5, 1) * decibels(rng.uniform(-1, 10))
    return to_level(mix, rng.uniform(-28, -14))


def under_motor(rng, speech, other):
    noise = fan_motor(rng, speech, other) if rng.random() < 0.5 else fan_blades(rng, speech, other)
    noise = np.resize(noise, len(speech))
    return to_level(speech / active_level(speech) + noise / noise.std() * decibels(rng.uniform(0, 10)), rng.uniform(-28, -14))


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
    noise = _filtered(rng.standard_normal(len(speech)), 2, rng.uniform(200, 1_200), "lowpass")
    return _over(rng, speech, noise * _bursts(rng, len(speech), 0.1, 0.8, 0.7), 0, 10)


def rubbing_band(rng, speech, other):
    low = rng.uniform(100, 1_500)
    noise = _filtered(rng.standard_normal(len(speech)), 1, [low, low * rng.uniform(2, 5)], "bandpass")
    return _over(rng, speech, noise * _bursts(rng, len(speech), 0.05, 0.5, 0.6), 0, 10)


def rubbing_thumps(rng, speech, other):
    noise = np.zeros(len(speech))
    for _ in range(int(len(speech) / RATE * rng.uniform(1.5, 6)) + 1):
        hold = int(rng.uniform(0.05, 0.3) * RATE)
        thump = _filtered(rng.standard_normal(hold), 2, rng.uniform(80, 500), "lowpass")
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


# kind: its ways
KINDS = {
    "silence": [silence_digital, silence_converter, silence_last_bit],
    "room_noise": [room_coloured, room_rough, room_with_steps],
    "hum": [hum_harmonics, hum_buzz, hum_telephone],
    "fan": [fan_blades, fan_motor, fan_traffic],
    "white_noise": [white_gaussian, white_uniform, white_static],
    "clipping": [clipping_hard, clipping_turned_down, clipping_soft, clipping_one_side],
    "low_level": [low_clean, low_in_noise, low_coarse],
    "truncation": [truncation_middle, truncation_start, truncation_dead],
    "tones": [tones_steady, tones_keys, tones_alarm],
    "music": [music_plucked, music_bowed, music_electric],
    "dropouts": [dropouts_zero, dropouts_faded, dropouts_comfort_noise, dropouts_repeated, dropouts_skipped],
    "two_voices": [two_alike, two_nearer, two_in_part, two_and_more],
    "double_speed": [double_linear, double_resampled, double_same_pitch, double_vocoder],
    "speech_under_noise": [under_coloured, under_rough, under_motor],
    "rubbing": [rubbing_low, rubbing_band, rubbing_thumps, rubbing_scratch],
    "clicks": [clicks_ringing, clicks_samples, clicks_steps, clicks_crackle],
}

# Made from nothing: the reading is ignored.
WITHOUT_READING = {"silence", "room_noise", "hum", "fan", "white_noise", "tones", "music"}
