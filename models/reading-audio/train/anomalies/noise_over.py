"""Speech under noise: the reading drowns."""

import numpy as np

from anomalies.empty_rooms import fan_blades, fan_motor
from anomalies.shaping import swell
from anomalies.tones_and_music import music_bowed, music_electric, music_plucked
from conditions import active_level, coloured_noise, decibels, rough_noise, to_level


def _drowned(rng, speech, noise, low_db, high_db):
    """The noise is so many decibels louder than the reading."""
    noise = np.resize(noise, len(speech))
    mix = speech / active_level(speech) + noise / (noise.std() + 1e-9) * decibels(rng.uniform(low_db, high_db))
    return to_level(mix, rng.uniform(-28, -14))


def under_coloured(rng, speech, other):
    return _drowned(rng, speech, coloured_noise(rng, len(speech), rng.uniform(0.0, 1.8)), -5, 8)


def under_rough(rng, speech, other):
    noise = rough_noise(rng, len(speech)) * swell(rng, len(speech), 0.5, 1)
    return _drowned(rng, speech, noise, -4, 9)


def under_motor(rng, speech, other):
    return _drowned(rng, speech, (fan_motor if rng.random() < 0.5 else fan_blades)(rng, speech, other), -3, 9)


def under_crowd(rng, speech, other):
    """Five to nine voices at once, as loud as the reader or louder."""
    turned = [np.roll(np.resize(voice, len(speech)), int(rng.integers(len(speech)))) * rng.uniform(0.5, 1)
              for voice in [other, other[::-1]] * 2 + [other] * int(rng.integers(1, 6))]
    return _drowned(rng, speech, sum(turned), -3, 8)


def under_music(rng, speech, other):
    music = (music_plucked, music_bowed, music_electric)[int(rng.integers(3))](rng, speech, other)
    return _drowned(rng, speech, music, -4, 8)


NOISE_OVER = [under_coloured, under_rough, under_motor, under_crowd, under_music]
