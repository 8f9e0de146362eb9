"""Levels, filters and slow curves that several kinds share."""

import numpy as np
from scipy.signal import butter, sosfilt

from conditions import decibels
from synthesis import RATE


def seconds(rng, low=3.0, high=12.0):
    return int(rng.uniform(low, high) * RATE)


def at_level(samples, level_db):
    return samples / (np.sqrt(np.mean(samples**2)) + 1e-12) * decibels(level_db)


def filtered(samples, order, frequency, kind):
    return sosfilt(butter(order, frequency, kind, fs=RATE, output="sos"), samples)


def swell(rng, length, depth, rate):
    """A slow random curve around 1: `rate` turns a second."""
    points = max(2, int(length / RATE * rate) + 2)
    return np.interp(np.linspace(0, points - 1, length), np.arange(points), 1 + depth * rng.uniform(-1, 1, points))


def twice(speech):
    """What is shortened afterwards shall not be told by being short."""
    return np.concatenate([speech, speech])
