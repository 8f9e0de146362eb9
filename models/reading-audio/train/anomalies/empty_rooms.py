"""Recordings of nobody: silence, rooms, hum, fans, white noise."""

import numpy as np

from anomalies.shaping import at_level, filtered, seconds, swell
from conditions import coloured_noise, decibels, rough_noise
from synthesis import RATE


# Silence: no sound at all, or the noise of the converter alone.


def silence_digital(rng, speech, other):
    return np.zeros(seconds(rng)) + rng.choice([0.0, rng.uniform(-0.01, 0.01)])


def silence_converter(rng, speech, other):
    return rng.standard_normal(seconds(rng)) * decibels(rng.uniform(-96, -75))


def silence_last_bit(rng, speech, other):
    return np.round(rng.standard_normal(seconds(rng)) * rng.uniform(0.2, 2)) / 32_768


# Room noise: nobody reads in an empty room.


def room_coloured(rng, speech, other):
    return coloured_noise(rng, seconds(rng), rng.uniform(0.8, 2.0)) * decibels(rng.uniform(-65, -38))


def room_rough(rng, speech, other):
    length = seconds(rng)
    return rough_noise(rng, length) * swell(rng, length, 0.5, 0.7) * decibels(rng.uniform(-62, -35))


def room_with_steps(rng, speech, other):
    """Somebody walks about or puts something down now and then."""
    length = seconds(rng)
    out = coloured_noise(rng, length, rng.uniform(0.6, 2.0))
    for _ in range(int(length / RATE * rng.uniform(0.2, 0.8)) + 1):
        hold = int(rng.uniform(0.03, 0.2) * RATE)
        thump = filtered(rng.standard_normal(hold), 2, rng.uniform(200, 2_500), "lowpass") * np.exp(-np.arange(hold) / hold * 6)
        start = int(rng.integers(0, max(1, length - hold)))
        out[start : start + hold] += (at_level(thump, rng.uniform(0, 20)))[: length - start]
    return at_level(out, rng.uniform(-60, -38))


# Hum of the mains, louder than anything else.


def hum_harmonics(rng, speech, other):
    length = seconds(rng)
    time = np.arange(length) / RATE
    base = rng.choice([50.0, 60.0, 100.0])
    tone = sum(np.sin(2 * np.pi * base * k * time + rng.uniform(0, 6.28)) / k ** rng.uniform(0.6, 1.6) for k in range(1, 9))
    return at_level(tone, rng.uniform(-40, -12)) + coloured_noise(rng, length, 1.0) * decibels(rng.uniform(-75, -55))


def hum_buzz(rng, speech, other):
    """A dimmer or a bad cable: a rectified or a sawtooth wave, dulled."""
    length = seconds(rng)
    phase = np.arange(length) / RATE * rng.choice([50.0, 60.0, 100.0, 120.0]) % 1
    wave = np.abs(np.sin(np.pi * phase)) if rng.random() < 0.5 else phase
    wave = filtered(wave - wave.mean(), 1, rng.uniform(300, 3_000), "lowpass")
    return at_level(wave, rng.uniform(-40, -14)) + coloured_noise(rng, length, 1.0) * decibels(rng.uniform(-75, -55))


def hum_telephone(rng, speech, other):
    """A mobile telephone beside the microphone: 217 pulses a second, in bursts."""
    length = seconds(rng)
    time = np.arange(length) / RATE
    pulses = ((time * 217) % 1 < rng.uniform(0.1, 0.3)) * ((time * rng.uniform(0.5, 4)) % 1 < rng.uniform(0.5, 1.0))
    return at_level(filtered(pulses * 1.0, 1, 60, "highpass"), rng.uniform(-36, -16)) + coloured_noise(rng, length, 1) * decibels(-65)


# A ceiling fan, a motor or traffic.


def fan_blades(rng, speech, other):
    length = seconds(rng)
    time = np.arange(length) / RATE
    blades = 1 + rng.uniform(0.1, 0.6) * np.sin(2 * np.pi * rng.uniform(1.5, 12) * time)
    return at_level(coloured_noise(rng, length, rng.uniform(1.0, 2.2)) * blades, rng.uniform(-40, -15))


def fan_motor(rng, speech, other):
    length = seconds(rng)
    time = np.arange(length) / RATE
    turn = rng.uniform(20, 140)
    tone = sum(np.sin(2 * np.pi * turn * k * time + rng.uniform(0, 6.28)) * rng.uniform(0, 1) / k for k in range(1, 12))
    return at_level(at_level(tone, rng.uniform(-12, 3)) + coloured_noise(rng, length, rng.uniform(0.8, 2.0)), rng.uniform(-40, -15))


def fan_traffic(rng, speech, other):
    length = seconds(rng)
    return at_level(rough_noise(rng, length) * swell(rng, length, 0.8, rng.uniform(0.1, 0.6)), rng.uniform(-40, -15))


def fan_rumble(rng, speech, other):
    """Wind, or a motor that is felt more than heard: noise that grows down to where nobody hears it, as some microphones record it."""
    length = seconds(rng)
    spectrum = np.fft.rfft(rng.standard_normal(length))
    frequency = np.maximum(np.fft.rfftfreq(length, 1 / RATE), rng.uniform(0.2, 15))
    noise = np.fft.irfft(spectrum * frequency ** -rng.uniform(0.7, 1.3), length)
    noise = noise * swell(rng, length, rng.uniform(0, 0.6), rng.uniform(0.3, 8)) + rough_noise(rng, length) * noise.std() * decibels(rng.uniform(-40, -15))
    return at_level(noise, rng.uniform(-40, -12))


# White noise: a broken channel.


def white_gaussian(rng, speech, other):
    return at_level(rng.standard_normal(seconds(rng)), rng.uniform(-40, -8))


def white_uniform(rng, speech, other):
    return at_level(rng.uniform(-1, 1, seconds(rng)), rng.uniform(-40, -8))


def white_static(rng, speech, other):
    """A radio between stations: heavier tails, sometimes in bursts."""
    length = seconds(rng)
    noise = np.clip(rng.standard_t(rng.uniform(2.5, 6), length), -12, 12)
    return at_level(noise * swell(rng, length, rng.uniform(0, 0.8), 3), rng.uniform(-40, -12))


EMPTY_ROOMS = {
    "silence": [silence_digital, silence_converter, silence_last_bit],
    "room_noise": [room_coloured, room_rough, room_with_steps],
    "hum": [hum_harmonics, hum_buzz, hum_telephone],
    "fan": [fan_blades, fan_motor, fan_traffic, fan_rumble],
    "white_noise": [white_gaussian, white_uniform, white_static],
}
