"""Who speaks: every voice belongs to exactly one of the sets train, choose and report."""

import functools
import glob
import os

import numpy as np
import soxr

import casts
from synthesis import RATE, espeak, festival, load
from texts import passage

# espeak-ng's variants change pitch, formants and voicing. Whispering and robot voices are left out: neither is a normal
# reading. The samples in samples/ use linda, m8, Alicia, Andy and steph, which are in no set.
ESPEAK = {
    "train": ["", "f1", "f2", "f3", "m1", "m2", "m3", "m4", "m6", "adam", "aunty", "boris", "caleb", "david", "edward", "grandma",
              "grandpa", "iven", "Jacky", "klatt", "klatt2", "max", "michel", "Annie", "Denis", "Gene", "Hugo", "Lee",
              "Mario", "quincy", "rob", "shelby", "zac", "antonio", "norbert"],
    "choose": ["f4", "m5", "anika", "ed", "klatt3", "Henrique", "sandro", "steph2"],
    "report": ["f5", "m7", "belinda", "iven2", "Diogo", "victor", "travis", "Michael"],
}
ENGLISH = {
    "train": ["en-us", "en-gb-scotland", "en-029"],
    "choose": ["en-gb-x-gbclan", "en-us-nyc"],
    "report": ["en-gb", "en-gb-x-rp"],
}
# The NSK voices are one person's, so they stay together. Most read English letters in their own language's sounds: no words, but
# speech, made of a real person's.
FESTIVAL = {
    "train": [("voice_marathi_NSK_diphone", "mr"), ("voice_hindi_NSK_diphone", "hi"), ("voice_ked_diphone", "en"),
              ("voice_hy_fi_mv_diphone", "en"), ("voice_czech_dita", "en"), ("voice_czech_krb", "en"), ("voice_czech_machac", "en"),
              ("voice_lp_diphone", "en")],
    "choose": [("voice_suo_fi_lj_diphone", "en"), ("voice_pc_diphone", "en"), ("voice_czech_ph", "en")],
    "report": [("voice_cmu_us_slt_arctic_hts", "en"), ("voice_msu_ru_nsh_clunits", "en"), ("voice_upc_ca_ona_hts", "en")],
}
# Prompts of telephone systems: Allison Smith reads English and Spanish, June Wallack French.
PROMPTS = {"train": ["en_US_f_Allison", "es_MX_f_Allison"], "choose": [], "report": ["fr_CA_f_June"]}
# KLettres: people, some of them children, who say letters and syllables. Languages that may share a speaker stay together.
LETTERS = {
    "train": ["ar", "cs", "da", "en", "en_GB", "es", "hu", "lt", "ml", "nb", "tn"],
    "choose": ["de", "nds", "it", "he"],
    "report": ["fr", "nl", "pt_BR", "ru", "uk"],
}
# The two actors of Fish Fillets' Czech dialogues (the Dutch ones are in the independent evaluation), and people who say the names of Tux
# Paint's stamps, a word or a few.
DIALOGUES = {"train": ["cs"]}
PHRASES = {"train": ["es", "be", "ca"], "choose": ["bg", "ro"], "report": ["el", "fr"]}


def folder(*parts):
    return os.path.join(os.environ["VOICES_FOLDER"], "usr", "share", *parts)


@functools.cache
def prompts(split):
    """Prompts of at least half a second, without the beeps and monkeys."""
    found = []
    for name in PROMPTS[split]:
        for path in sorted(glob.glob(folder("asterisk", "sounds", name, "**", "*.wav"), recursive=True)):
            parts = os.path.relpath(path, folder("asterisk", "sounds", name)).split(os.sep)
            short = os.path.getsize(path) < 8_000
            if short or parts[0] == "silence" or any(word in parts[-1] for word in ("tone", "beep", "monkey", "jingle", "ring")):
                continue
            found.append(path)
    return found


@functools.cache
def letters(split):
    return {lang: sorted(glob.glob(folder("klettres", lang, "**", "*.ogg"), recursive=True)) for lang in LETTERS[split]}


@functools.cache
def dialogues(split):
    return [path for lang in DIALOGUES[split]
            for path in sorted(glob.glob(folder("games", "fillets-ng", "sound", "**", lang, "*-[mv]-*.ogg"), recursive=True))]


@functools.cache
def phrases(split):
    return {lang: sorted(glob.glob(folder("tuxpaint", "stamps", "**", f"*_desc_{lang}.ogg"), recursive=True)) for lang in PHRASES[split]}


def shift_voice(rng, samples):
    """Shorter and longer vocal tracts: higher ones sound like children."""
    factor = rng.choice([1.0, rng.uniform(0.92, 1.3)], p=[0.4, 0.6])
    return soxr.resample(samples, RATE * factor, RATE).astype(np.float32) if factor != 1.0 else samples


def read_espeak(rng, split, language):
    variant = str(rng.choice(ESPEAK[split]))
    base = str(rng.choice(ENGLISH[split])) if language == "en" else language
    kind = "words" if rng.random() < 0.2 else "story"
    text = passage(rng, split, language, kind)
    gap = int(rng.choice([0, 0, rng.integers(1, 25)]))
    speech = espeak(text, f"{base}+{variant}" if variant else base, int(rng.integers(95, 200)), int(rng.integers(25, 95)),
                    int(rng.integers(25, 75)), gap)
    return shift_voice(rng, speech)


def read_festival(rng, split):
    voice, language = FESTIVAL[split][int(rng.integers(len(FESTIVAL[split])))]
    text = passage(rng, split, language, "story")
    return shift_voice(rng, festival([text], voice, folder("festival"), round(float(rng.uniform(0.9, 1.5)), 3))[0])


def read_prompts(rng, split):
    """Prompts one after the other, with a breath between, for 1.5 to 20 seconds."""
    paths, wanted, pieces = prompts(split), rng.uniform(1.5, 20) * RATE, []
    start = int(rng.integers(len(paths)))
    while sum(map(len, pieces)) < wanted:
        pieces += [load(paths[start % len(paths)]), np.zeros(int(rng.uniform(0.1, 0.7) * RATE), dtype=np.float32)]
        start += 1
    return np.concatenate(pieces[:-1])


def spoken_letter(path):
    """A letter without the hard edges that its file was cut with: joined, they would sound like dropouts."""
    letter = load(path)
    rise, fall = (min(len(letter) // 4, int(seconds * RATE)) for seconds in (0.01, 0.08))
    letter[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    letter[len(letter) - fall :] *= np.linspace(1, 0, fall, dtype=np.float32) ** 2
    return letter


def read_letters(rng, split):
    """Four to twelve letters or syllables of one speaker."""
    paths = letters(split)[str(rng.choice(LETTERS[split]))]
    pieces = []
    for index in rng.permutation(len(paths))[: int(rng.integers(4, 13))]:
        pieces += [spoken_letter(paths[index]), np.zeros(int(rng.uniform(0.1, 0.9) * RATE), dtype=np.float32)]
    return np.concatenate(pieces)


@functools.cache
def overloaded(path):
    """Whether more than 0.2 % of the samples are within a tenth of the peak: half of some volunteers' recordings are clipped."""
    size = np.abs(load(path))
    return bool(np.mean(size >= 0.9 * size.max()) > 0.002)


def _said(rng, paths, most):
    """One recording as it is, or up to `most` of them one after the other, without their hard edges."""
    count, chosen = 1 if rng.random() < 0.4 else int(rng.integers(2, most + 1)), []
    while len(chosen) < count:
        path = paths[int(rng.integers(len(paths)))]
        if not overloaded(path):
            chosen.append(path)
    if count == 1:
        return load(chosen[0])
    pieces = []
    for path in chosen:
        pieces += [spoken_letter(path), np.zeros(int(rng.uniform(0.1, 0.8) * RATE), dtype=np.float32)]
    return np.concatenate(pieces[:-1])


def read_dialogues(rng, split):
    """One actor's."""
    actor = str(rng.choice(["-m-", "-v-"]))
    return _said(rng, [path for path in dialogues(split) if actor in path], 3)


def read_phrases(rng, split):
    """At least a second of one language's speaker."""
    while True:
        spoken = _said(rng, phrases(split)[str(rng.choice(PHRASES[split]))], 5)
        if len(spoken) >= RATE:
            return spoken


def read_one_letter(rng, split):
    paths = letters(split)[str(rng.choice(LETTERS[split]))]
    return spoken_letter(paths[int(rng.integers(len(paths)))])


def read(rng, split, source):
    """Clean speech of one voice of `split`."""
    if source.startswith("espeak_"):
        return read_espeak(rng, split, source.removeprefix("espeak_"))
    if source == "people":
        return casts.read(rng, split)
    return {"festival": read_festival, "prompts": read_prompts, "telephone": read_prompts, "letters": read_letters,
            "one_letter": read_one_letter, "dialogues": read_dialogues, "phrases": read_phrases}[source](rng, split)
