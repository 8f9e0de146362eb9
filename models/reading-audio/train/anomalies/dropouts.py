"""Dropouts: a bad connection, many pieces are missing."""

import numpy as np

from anomalies.shaping import twice
from conditions import active_level, coloured_noise, decibels
from synthesis import RATE


def _holes(rng, length):
    """Starts and lengths of what is missing, one of three ways: 12 to 60 % of the whole."""
    return (_regular_holes, _lost_packets, _few_holes)[int(rng.choice(3, p=[0.5, 0.25, 0.25]))](rng, length)


def _regular_holes(rng, length):
    gap = rng.uniform(0.02, 0.3)
    keep = gap * rng.uniform(0.7, 6)
    position, found = int(rng.uniform(0, keep) * RATE), []
    while position < length:
        hole = int(gap * rng.uniform(0.5, 1.5) * RATE)
        found.append((position, min(hole, length - position)))
        position += hole + int(max(0.02, rng.exponential(keep) if rng.random() < 0.5 else keep * rng.uniform(0.5, 1.5)) * RATE)
    return found


def _lost_packets(rng, length):
    """Packets of 10 to 60 ms on a grid, lost alone or in runs (Gilbert's model of two states)."""
    packet = int(rng.choice([0.01, 0.02, 0.03, 0.04, 0.06]) * RATE)
    lost, mean_run = rng.uniform(0.12, 0.45), np.exp(rng.uniform(0, np.log(6)))
    ends, begins = 1 / mean_run, lost / (1 - lost) / mean_run
    bad, found = False, []
    for start in range(0, length, packet):
        bad = rng.random() >= ends if bad else rng.random() < begins
        if bad:
            found.append((start, min(packet, length - start)))
    return found


def _few_holes(rng, length):
    """Some long pieces anywhere: 0.08 to 0.7 s each."""
    share, found, missing = rng.uniform(0.12, 0.45), [], 0
    while missing < share * length:
        hole = min(int(rng.uniform(0.08, 0.7) * RATE), length)
        start = int(rng.integers(0, length - hole + 1))
        found.append((start, hole))
        missing += hole
    return found


def _kept(rng, length):
    kept = np.ones(length)
    for start, hole in _holes(rng, length):
        kept[start : start + hole] = 0
    return kept


def _smooth(rng, kept, shortest, longest):
    """The same with edges of so many seconds."""
    edge = np.hanning(int(rng.uniform(shortest, longest) * RATE) + 3)
    return np.convolve(kept, edge / edge.sum(), "same")


def dropouts_zero(rng, speech, other):
    return speech * _kept(rng, len(speech))


def dropouts_faded(rng, speech, other):
    """Edges of 1 to 12 ms, down to silence or to something very quiet."""
    floor = rng.choice([0.0, decibels(rng.uniform(-50, -26))])
    return speech * _smooth(rng, np.maximum(_kept(rng, len(speech)), floor), 0.002, 0.024)


def dropouts_weak(rng, speech, other):
    """Not gone, but 15 to 30 dB weaker."""
    kept = np.maximum(_kept(rng, len(speech)), decibels(rng.uniform(-30, -15)))
    return speech * (_smooth(rng, kept, 0.001, 0.03) if rng.random() < 0.5 else kept)


def dropouts_comfort_noise(rng, speech, other):
    noise = coloured_noise(rng, len(speech), rng.uniform(0, 1.5)) * active_level(speech) * decibels(rng.uniform(-50, -20))
    kept = _kept(rng, len(speech))
    return speech * kept + noise * (1 - kept)


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


def dropouts_stutter(rng, speech, other):
    """A player's buffer runs dry: the last 40 to 200 ms are heard again, once or more."""
    frame, pieces, position = int(rng.uniform(0.04, 0.2) * RATE), [], 0
    while position < len(speech):
        hold = int(rng.uniform(0.2, 1.2) * RATE)
        pieces.append(speech[position : position + hold])
        position += hold
        pieces += [speech[max(0, position - frame) : position]] * int(rng.integers(1, 5))
    return np.concatenate(pieces)[: max(len(speech), RATE)]


def dropouts_held(rng, speech, other):
    """The converter stands still: the last value stays, perhaps sinking to zero."""
    out = speech.copy()
    sinks = rng.choice([0.0, rng.uniform(20, 300)])
    for start, hole in _holes(rng, len(out)):
        out[start : start + hole] = speech[max(0, start - 1)] * np.exp(-sinks * np.arange(hole) / RATE)
    return out


def dropouts_joined(rng, speech, other):
    """A line from the last sample before a hole to the first after it."""
    out = speech.copy()
    for start, hole in _holes(rng, len(out)):
        out[start : start + hole] = np.linspace(speech[max(0, start - 1)], speech[min(len(out) - 1, start + hole)], hole)
    return out


def dropouts_skipped(rng, speech, other):
    """What is missing is cut out, and the rest is joined."""
    speech = twice(speech)
    kept = _kept(rng, len(speech)) > 0
    return speech[kept] if kept.sum() > RATE else speech[: 2 * RATE]


DROPOUTS = [dropouts_zero, dropouts_faded, dropouts_comfort_noise, dropouts_repeated, dropouts_skipped, dropouts_weak,
            dropouts_stutter, dropouts_held, dropouts_joined]
