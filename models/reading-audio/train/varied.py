"""People's readings as they arrive from elsewhere: they end in every way, come through codecs and radios, and have rooms with a tone."""

import numpy as np

import channels
import conditions
import sources
from endings import ended
from synthesis import RATE

SOURCES = ("endings", "channels", "room_tones")
# Who, by how often.
PEOPLE = {
    "train": {"prompts": 0.4, "dialogues": 0.3, "phrases": 0.2, "letters": 0.1},
    "choose": {"phrases": 0.6, "letters": 0.4},
    "report": {"prompts": 0.6, "phrases": 0.4},
}


def _person(rng, split):
    names, shares = zip(*PEOPLE[split].items())
    return sources.read(rng, split, str(rng.choice(names, p=shares)))


def _perhaps(rng, share, change, samples):
    return change(rng, samples) if rng.random() < share else samples


def recording(rng, split, source):
    """A good recording of one of `SOURCES`."""
    samples = _person(rng, split)
    if source == "endings":
        samples = ended(rng, _perhaps(rng, 0.5, conditions.recorded, samples))
        return conditions.to_level(_perhaps(rng, 0.5, conditions.stored, samples), rng.uniform(-33, -10))
    if source == "channels":
        samples = _perhaps(rng, 0.5, conditions.recorded, samples)
        samples = channels.coded(rng, samples) if rng.random() < 0.6 else _perhaps(rng, 0.3, channels.coded, channels.radio(rng, samples))
        return np.clip(_perhaps(rng, 0.5, ended, samples), -1, 1)
    return conditions.stored(rng, _perhaps(rng, 0.4, ended, channels.room_tone(rng, samples)))


def ended_reading(rng, split):
    """A reading to make an anomaly from, which ends as good ones do: how it ends shall not tell."""
    samples = _person(rng, split)
    while len(samples) < 2 * RATE:
        samples = _person(rng, split)
    return conditions.to_level(ended(rng, _perhaps(rng, 0.5, conditions.recorded, samples)), rng.uniform(-33, -10))
