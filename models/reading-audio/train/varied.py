"""People's readings as they arrive from elsewhere: they end in every way, come through codecs and radios, and have rooms with a tone."""

import numpy as np

import channels
import conditions
import sources
from endings import ended
from synthesis import RATE

SOURCES = ("endings", "channels", "room_tones", "people_as_cut", "people_varied", "studios")
# Who, by how often.
PEOPLE = {
    "train": {"prompts": 0.4, "dialogues": 0.3, "phrases": 0.2, "letters": 0.1},
    "choose": {"phrases": 0.6, "letters": 0.4},
    "report": {"prompts": 0.6, "phrases": 0.4},
}

# Who is heard in what 0.5.0 added.
MORE_PEOPLE = {
    "train": {"people": 0.7, "prompts": 0.12, "dialogues": 0.08, "phrases": 0.1},
    "choose": {"people": 0.85, "phrases": 0.15},
    "report": {"people": 0.5, "prompts": 0.35, "phrases": 0.15},
}


def _person(rng, split, who=PEOPLE):
    names, shares = zip(*who[split].items())
    return sources.read(rng, split, str(rng.choice(names, p=shares)))


def _perhaps(rng, share, change, samples):
    return change(rng, samples) if rng.random() < share else samples


def recording(rng, split, source):
    """A good recording of one of `SOURCES`."""
    if source in ("people_as_cut", "people_varied", "studios"):
        return _of_more_people(rng, split, source)
    samples = _person(rng, split)
    if source == "endings":
        samples = ended(rng, _perhaps(rng, 0.5, conditions.recorded, samples))
        return conditions.to_level(_perhaps(rng, 0.5, conditions.stored, samples), rng.uniform(-33, -10))
    if source == "channels":
        samples = _perhaps(rng, 0.5, conditions.recorded, samples)
        samples = channels.coded(rng, samples) if rng.random() < 0.6 else _perhaps(rng, 0.3, channels.coded, channels.radio(rng, samples))
        return np.clip(_perhaps(rng, 0.5, ended, samples), -1, 1)
    return conditions.stored(rng, _perhaps(rng, 0.4, ended, channels.room_tone(rng, samples)))


def _of_more_people(rng, split, source):
    if source == "people_as_cut":
        return conditions.to_level(_perhaps(rng, 0.2, ended, sources.read(rng, split, "people")), rng.uniform(-33, -8))
    samples = _person(rng, split, MORE_PEOPLE)
    if source == "studios":
        samples = _perhaps(rng, 0.5, ended, channels.studio(rng, _perhaps(rng, 0.2, conditions.recorded, samples)))
        return np.clip(_perhaps(rng, 0.4, conditions.stored, _perhaps(rng, 0.2, channels.coded, samples)), -1, 1)
    change = (ended, channels.coded, channels.radio, channels.room_tone)[int(rng.integers(4))]
    return np.clip(_perhaps(rng, 0.3, conditions.stored, _perhaps(rng, 0.3, ended, change(rng, _perhaps(rng, 0.4, conditions.recorded, samples)))), -1, 1)


def reading_of_more_people(rng, split):
    """A reading to make an anomaly from: by more people, often as a studio would send it."""
    samples = _person(rng, split, MORE_PEOPLE)
    while len(samples) < 1.5 * RATE:
        samples = _person(rng, split, MORE_PEOPLE)
    samples = _perhaps(rng, 0.35, channels.studio, _perhaps(rng, 0.4, conditions.recorded, samples))
    return conditions.to_level(_perhaps(rng, 0.5, ended, samples), rng.uniform(-33, -10))


def ended_reading(rng, split):
    """A reading to make an anomaly from, which ends as good ones do: how it ends shall not tell."""
    samples = _person(rng, split)
    while len(samples) < 2 * RATE:
        samples = _person(rng, split)
    return conditions.to_level(ended(rng, _perhaps(rng, 0.5, conditions.recorded, samples)), rng.uniform(-33, -10))
