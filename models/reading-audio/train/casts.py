"""Since 0.5.0 many more people: casts of games and volunteers who name things, each in one of the sets.

A voice is one pattern of files: a game's cast, an actor or a language's speaker. Languages that may share a speaker with another package
are in that package's set.
"""

import functools
import glob
import os

import numpy as np

import sources
from synthesis import RATE, load

HEDGEHOGS = "games/hedgewars/Data/Sounds/voices/{}/*.ogg"
NAMES = "ktuberling/sounds/{}/*.*"
STAMPS = "tuxpaint/stamps/**/*_desc{}.ogg"
# Pattern under usr/share, how often.
VOICES = {
    "train": [("lines/queen/*J*.mp3", 4), ("lines/queen/*P*.mp3", 10), ("lines/warzone/*.ogg", 4),
              *((HEDGEHOGS.format(actor), 1) for actor in ("British", "Default", "Default_pl", "Mobster", "Pirate", "Russian", "Russian_pl", "Singer", "Surfer")),
              *((NAMES.format(language), 1) for language in ("ca", "da", "en", "es", "lt", "nn")),
              *((STAMPS.format(language), 1) for language in ("", "_da"))],
    "choose": [("lines/drascula-es/*.wav", 6), *((HEDGEHOGS.format(actor), 1) for actor in ("Default_ru", "Default_uk")),
               *((NAMES.format(language), 1) for language in ("de", "nds", "ro"))],
    "report": [(NAMES.format(language), 1) for language in ("el", "fr", "nl", "pt", "ru", "uk")],
}
# What hedgehogs cry is no reading.
CRIES = ("Firepunch", "Hmm", "Jump", "Kamikaze", "Laugh", "Nooo", "Ooff", "Ouch", "Ow", "Poison")


@functools.cache
def _files(pattern):
    found = sorted(glob.glob(sources.folder(*pattern.split("/")), recursive=True))
    # A link is another name of the same recording.
    return [path for path in found if not os.path.basename(path).startswith(CRIES) and not os.path.islink(path)]


def _line(rng, paths):
    while True:
        path = paths[int(rng.integers(len(paths)))]
        if not sources.overloaded(path):
            return path


def read(rng, split):
    """Lines or names by one voice, one after the other for 1 to 12 s: the longer ones often alone, and as they were cut."""
    patterns, shares = zip(*VOICES[split])
    paths = _files(str(rng.choice(patterns, p=np.array(shares) / sum(shares))))
    first = load(_line(rng, paths))
    if len(first) >= RATE and rng.random() < 0.6:
        return first
    wanted, pieces = rng.uniform(1.2, 12) ** rng.uniform(0.5, 1) * RATE, []
    gentle = rng.random() < 0.7
    while sum(map(len, pieces)) < wanted:
        path = _line(rng, paths)
        pieces += [sources.spoken_letter(path) if gentle else load(path), np.zeros(int(rng.uniform(0.08, 0.8) * RATE), dtype=np.float32)]
    return np.concatenate(pieces[:-1])
