"""People whom no set of the training holds, as their packages ship them.

`INDEPENDENT` were looked at while a recipe changed: what was flagged of them is known. So were `KEPT_BACK` before 0.5.0: they had been scored
for 0.4.0 only. `KEPT_BACK_0_5`, chosen before 0.5.0 was trained, are scored when a version is finished, and never before; once somebody has
changed a recipe for what they showed, they belong to the others.
"""

import functools
import glob
import os
import random

import numpy as np
import soundfile
from scipy.signal import resample_poly

SR = 22_050
PROMPTS = "asterisk/sounds/"
# name: pattern of the files under usr/share
INDEPENDENT = {
    "June": PROMPTS + "fr_CA_f_June/**/*.wav",
    "Russian": PROMPTS + "ru_RU_f_IvrvoiceRU/**/*.wav",
    "Carlo": PROMPTS + "it_IT_m_Carlo/**/*.wav",
    "Colombian": PROMPTS + "es/**/*.gsm",
    # The two readers of the Dutch dialogues of Fish Fillets; other speakers there are robots and ghosts.
    "Dutch": "games/fillets-ng/sound/**/nl/*-[mv]-*.ogg",
}
KEPT_BACK = {
    "Armelle": PROMPTS + "fr/**/*.gsm",
    "Menardi": PROMPTS + "it_IT_f_Menardi/**/*.wav",
    "Russian names": "tuxpaint/stamps/**/*_desc_ru.ogg",
    "test recordings": "pocketsphinx/test/data/**/*.wav",
    "radio amateurs": "codec2/wav/*.wav",
}
HEDGEHOGS = "games/hedgewars/Data/Sounds/voices/"
KEPT_BACK_0_5 = {
    "Steel Sky": "lines/sky/*.wav",
    "Drascula": "lines/drascula-en/*.wav",
    "hillbilly": HEDGEHOGS + "HillBilly/*.ogg",
    "Spanish hedgehogs": HEDGEHOGS + "Default_es/*.ogg",
}
# Who name things, one a file: too short alone.
NAMES_0_5 = {language: f"ktuberling/sounds/{language}/*.*" for language in ("fi", "ga", "gl", "sl", "sr", "sv", "wa")}
# Tones and rings are no speech, nor are a hedgehog's cries; the radio amateurs' others are noise over speech, or all of them in one file.
LEFT_OUT = ("tone", "beep", "monkey", "silence", "jingle", "ring", "all.wav", "mmt1", "big_dog", "cross", "david4", "wia_16kHz", "vk2tpm",
            "Firepunch", "Jump", "Kamikaze", "Laugh", "Nooo", "Ooff", "Ow", "Poison")


def package(*parts):
    return os.path.join(os.environ["VOICES_FOLDER"], "usr", "share", *parts)


def read_file(path):
    raw = {"format": "RAW", "subtype": "GSM610", "samplerate": 8_000, "channels": 1} if path.endswith(".gsm") else {}
    y, rate = soundfile.read(path, dtype="float64", always_2d=True, **raw)
    y = y.mean(axis=1)
    if rate == SR:
        return y
    divisor = np.gcd(rate, SR)
    return resample_poly(y, SR // divisor, rate // divisor)


def _seconds(path):
    return os.path.getsize(path) / 1_650 if path.endswith(".gsm") else soundfile.info(path).duration


@functools.cache
def files(name, shortest=1.5, longest=20.0):
    """Files of one of the people, of so many seconds; raises where the package is missing."""
    paths = sorted(glob.glob(package((INDEPENDENT | KEPT_BACK | KEPT_BACK_0_5 | NAMES_0_5)[name]), recursive=True))
    found = [path for path in paths if "/silence/" not in path and not any(word in os.path.basename(path) for word in LEFT_OUT)]
    found = [path for path in found if not os.path.islink(path) and shortest <= _seconds(path) < longest]
    if not found:
        raise FileNotFoundError(f"No recordings of {name} under {package()}: fetch the voices with train/run.sh")
    return found


def spoken(name):
    """A reader: one file of one of the people, as it is, another for each number as long as there are."""
    @functools.cache
    def order():
        return random.Random(name).sample(files(name), len(files(name)))

    return lambda number: read_file(order()[number % len(order())])


def short(number):
    """A word or two, 0.6 to 1.5 s, of one of the people who are not kept back."""
    pick = random.Random(f"short {number}")
    return read_file(pick.choice(files(pick.choice(["June", "Russian", "Carlo", "Colombian"]), 0.6, 1.5)))


def names(number):
    """Three to five things, named by one of the volunteers kept back, with a pause after each."""
    pick = random.Random(f"names {number}")
    paths = files(pick.choice(list(NAMES_0_5)), 0.3, 3.0)
    pieces = [part for path in pick.sample(paths, pick.randint(3, 5)) for part in (read_file(path), np.zeros(int(pick.uniform(0.15, 0.6) * SR)))]
    return np.concatenate(pieces[:-1])


def anyone(people, number):
    """One file of anybody among `people`."""
    pick = random.Random(f"{'/'.join(people)} {number}")
    return read_file(pick.choice(files(pick.choice(list(people)))))
