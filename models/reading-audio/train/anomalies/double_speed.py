"""Double speed, with the pitch and without it."""

from fractions import Fraction

import av
import numpy as np

from anomalies.shaping import twice
from speed import stretched
from synthesis import RATE


def _faster(rng, speech):
    """The reading, half of the time twice over, and how much faster it shall be."""
    return (twice(speech) if rng.random() < 0.5 else speech).astype(np.float32), float(rng.uniform(1.65, 2.5))


def double_linear(rng, speech, other):
    speech, factor = _faster(rng, speech)
    return np.interp(np.arange(0, len(speech) - 1, factor), np.arange(len(speech)), speech)


def double_resampled(rng, speech, other):
    import soxr

    speech, factor = _faster(rng, speech)
    return soxr.resample(speech, RATE * factor, RATE)


def double_decimated(rng, speech, other):
    """Every second sample, with all that folds down."""
    return _faster(rng, speech)[0][::2]


def double_same_pitch(rng, speech, other):
    """Shortened as players do, the pitch kept: pieces of the waveform joined where they fit."""
    return stretched(rng, *_faster(rng, speech))


def double_vocoder(rng, speech, other):
    import librosa

    speech, factor = _faster(rng, speech)
    return librosa.effects.time_stretch(speech, rate=factor)


def double_grains(rng, speech, other):
    """Overlapping pieces, joined wherever they fall."""
    speech, factor = _faster(rng, speech)
    half = int(rng.uniform(0.02, 0.06) * RATE)
    window = np.hanning(2 * half + 1)[:-1]
    count = max(1, int((len(speech) - 2 * half) / (half * factor)))
    out = np.zeros((count + 1) * half)
    for i in range(count):
        start = int(i * half * factor)
        out[i * half : (i + 2) * half] += speech[start : start + 2 * half] * window
    return out


def double_tempo(rng, speech, other):
    """FFmpeg's atempo."""
    speech, factor = _faster(rng, speech)
    graph = av.filter.Graph()
    source = graph.add("abuffer", f"sample_rate={RATE}:sample_fmt=flt:channel_layout=mono:time_base=1/{RATE}")
    tempo, sink = graph.add("atempo", f"{factor:.4f}"), graph.add("abuffersink")
    source.link_to(tempo)
    tempo.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(speech[None, :], format="flt", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    source.push(frame)
    source.push(None)
    pieces = []
    while True:
        try:
            pieces.append(sink.pull().to_ndarray()[0])
        except (av.error.EOFError, av.error.BlockingIOError):
            return np.concatenate(pieces)


DOUBLE_SPEED = [double_linear, double_resampled, double_same_pitch, double_vocoder, double_decimated, double_grains, double_tempo]
