"""How recordings end, and begin, when nothing went wrong: somebody or something cut them where the reading was over."""

import numpy as np

from conditions import active_level, decibels
from synthesis import RATE

FRAME = RATE // 100


def _loud(samples, below_db):
    """For each 10 ms, whether it is louder than `below_db` under the speech, and than the room."""
    count = len(samples) // FRAME
    level = 20 * np.log10(np.sqrt(np.mean(samples[: count * FRAME].reshape(count, FRAME) ** 2, axis=1)) / active_level(samples) + 1e-5)
    # Of speech without pauses the quietest frames are speech.
    room = min(float(np.quantile(level, 0.05)), -25.0)
    return level > max(-below_db, room + 6)


def _span(samples, below_db):
    """(first sample, one past the last) of what is so loud; all of it where nothing is."""
    loud = np.flatnonzero(_loud(samples, below_db))
    return (loud[0] * FRAME, (loud[-1] + 1) * FRAME) if len(loud) else (0, len(samples))


def _beginning(rng, start):
    """Whoever cuts the end mostly cuts the beginning too, with some of what was before or none."""
    return 0 if rng.random() < 0.35 else max(0, start - int(rng.choice([0, rng.uniform(0, 0.3)]) * RATE))


def last_sample(rng, samples):
    start, end = _span(samples, rng.uniform(14, 42))
    return samples[_beginning(rng, start) : end]


def short_tail(rng, samples):
    start, end = _span(samples, rng.uniform(20, 45))
    return samples[_beginning(rng, start) : end + int(rng.uniform(0, 0.05) * RATE)]


def editor_fade(rng, samples):
    """Faded out over the last sounds or after them, and perhaps in."""
    start, end = _span(samples, rng.uniform(20, 45))
    out = np.array(samples[_beginning(rng, start) : end + int(rng.uniform(0, 0.2) * RATE)])
    size = min(len(out) // 4, int(rng.uniform(0.01, 0.35) * RATE))
    out[len(out) - size :] *= np.linspace(1, 0, size) ** rng.choice([0.5, 1, 2])
    if rng.random() < 0.6:
        size = min(len(out) // 4, int(rng.uniform(0.003, 0.05) * RATE))
        out[:size] *= np.linspace(0, 1, size)
    return out


def voice_detector(rng, samples):
    """A recorder that listens for speech stops 100 to 300 ms after the last of it, on a frame of its own."""
    start, end = _span(samples, rng.uniform(18, 40))
    frame = int(rng.choice([0.01, 0.02, 0.03]) * RATE)
    end = -(-(end + int(rng.uniform(0.1, 0.3) * RATE)) // frame) * frame
    return samples[_beginning(rng, start) : end]


def silence_removed(rng, samples):
    """A tool cut away what is quiet for long: both ends, and of long pauses all but a little."""
    below_db = rng.uniform(20, 42)
    start, end = _span(samples, below_db)
    samples = samples[start:end]
    loud, longest = _loud(samples, below_db), int(rng.uniform(0.2, 0.6) * 100)
    kept, quiet = np.ones(len(loud), dtype=bool), 0
    for index, is_loud in enumerate(loud):
        quiet = 0 if is_loud else quiet + 1
        kept[index] = quiet <= longest
    pieces = samples[: len(loud) * FRAME].reshape(-1, FRAME)[kept].ravel()
    return np.concatenate([pieces, samples[len(loud) * FRAME :]])


def button(rng, samples):
    """The button's click is the last thing that is heard, perhaps twice, perhaps also the first."""
    start, end = _span(samples, 40)
    out = np.array(samples[_beginning(rng, start) :])
    if rng.random() < 0.5:
        out = np.array(samples[: end + int(rng.uniform(0.05, 0.6) * RATE)])
    places = [len(out) - int(rng.uniform(0.004, 0.12) * RATE)]
    if rng.random() < 0.3:
        places.append(places[0] - int(rng.uniform(0.03, 0.1) * RATE))
    if rng.random() < 0.3:
        places.append(int(rng.uniform(0, 0.05) * RATE))
    peak = np.abs(out).max()
    for place in places:
        size = int(rng.uniform(0.002, 0.02) * RATE)
        time = np.arange(size) / RATE
        sound = rng.standard_normal(size) * rng.uniform(0, 1) + np.sin(2 * np.pi * rng.uniform(300, 4_000) * time)
        sound = sound / (np.abs(sound).max() + 1e-9) * np.exp(-time * RATE / size * rng.uniform(2, 6)) * peak * decibels(rng.uniform(-32, -6))
        place = max(0, place)
        out[place : place + size] += sound[: len(out) - place]
    return np.clip(out, -1, 1)


ENDINGS = [last_sample, last_sample, short_tail, short_tail, editor_fade, voice_detector, silence_removed, button]


def ended(rng, samples):
    """One of the endings; whatever is left is at least 0.8 s long, or the recording stays as it is."""
    cut = ENDINGS[int(rng.integers(len(ENDINGS)))](rng, samples)
    return np.asarray(cut if len(cut) >= 0.8 * RATE else samples, dtype=np.float32)
