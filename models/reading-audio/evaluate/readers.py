"""Good recordings that no set of the training holds: other voices, other texts, and prompts as their package ships them.

June Wallack's prompts are in the training's reporting set too, after its rooms and microphones; nothing was fitted to them.
"""

import glob
import os
import random
import subprocess
import tempfile

import numpy as np

import lines
from people import INDEPENDENT, KEPT_BACK, KEPT_BACK_0_5, SR, anyone, files, names, package, read_file, short, spoken

LANGUAGES = {
    "de": "Der kleine Hund lief über die Wiese und bellte den Mond an. Dann kam seine Mutter und rief ihn nach Hause. "
          "Am nächsten Morgen schien wieder die Sonne.",
    "es": "El abuelo tiene un huerto con tomates y cebollas. Cada tarde riega las plantas con agua del pozo. "
          "Los niños le ayudan y después comen fruta bajo el árbol.",
    "it": "La bambina apre la finestra e guarda il mare. Le barche tornano al porto con il pesce. "
          "Suo padre la saluta con il cappello.",
    "ta": "ஒரு ஊரில் ஒரு யானை இருந்தது. அது தினமும் ஆற்றில் குளித்தது. குழந்தைகள் அதைப் பார்த்து மகிழ்ந்தார்கள்.",
    "bn": "গ্রামের পাশে একটা ছোট নদী আছে। নদীতে অনেক মাছ থাকে। ছেলেরা বিকেলে সেখানে খেলা করে।",
    "gu": "અમારા ગામમાં એક મોટું તળાવ છે. સાંજે ત્યાં પક્ષીઓ આવે છે. દાદા અમને વાર્તા કહે છે.",
}
VARIANTS = ["linda", "m8", "Alicia", "Andy", "steph", "john", "robert"]
ENGLISH = [
    "Tom found a box in the attic. Inside were letters from his grandfather, tied with a blue string.",
    "Water boils when it gets hot enough. The steam rises and makes the window wet.",
    "Our class walked to the museum. We saw an old boat, a suit of armour and a very small painting.",
    "Before dinner she fed the hens, closed the barn and watched the first stars come out.",
]


def run(command):
    """The samples that `command(path of a wav file to write)` makes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.wav")
        arguments, text = command(path)
        subprocess.run(arguments, input=text.encode() if text else None, check=True, capture_output=True)
        return read_file(path)


def prompts():
    """June's, the long ones."""
    return files("June", 2.0, 1_000.0)


def prompt(number):
    return read_file(random.Random(number).choice(prompts()))


def joined(number):
    chosen = random.Random(f"joined {number}").sample(prompts(), 3)
    return np.concatenate([part for path in chosen for part in (read_file(path), np.zeros(SR // 3))][:-1])


def a_law(number):
    """A telephone line: 300 to 3,400 Hz, eight bits by the A-law, a little hiss."""
    y = joined(number + 1_000) if number % 2 else prompt(number + 1_000)
    y = y / np.abs(y).max() * 0.6 + np.random.default_rng(number).standard_normal(len(y)) * 0.001
    spectrum, frequency = np.fft.rfft(y), np.fft.rfftfreq(len(y), 1 / SR)
    y = np.fft.irfft(spectrum * ((frequency > 300) & (frequency < 3_400)), len(y))
    size = np.minimum(np.abs(y), 1)
    a = 87.6
    code = np.where(size < 1 / a, a * size, 1 + np.log(np.maximum(a * size, 1))) / (1 + np.log(a))
    code = np.round(code * 127) / 127
    back = np.where(code < 1 / (1 + np.log(a)), code * (1 + np.log(a)) / a, np.exp(code * (1 + np.log(a)) - 1) / a)
    return np.sign(y) * back


def espeak(number):
    pick = random.Random(f"espeak {number}")
    language = list(LANGUAGES)[number % len(LANGUAGES)]
    return run(lambda path: (["espeak-ng", "-v", f"{language}+{pick.choice(VARIANTS)}", "-s", str(pick.randint(110, 175)),
                              "-p", str(pick.randint(35, 70)), "-w", path], LANGUAGES[language]))


def festival(number):
    """The English diphone voice kal, in no set."""
    voices = package("festival", "voices")
    setup = f'(set! voice-path (list "{voices}/")) (set! voice-locations nil) (search-for-voices) (voice_kal_diphone)'
    texts = ENGLISH[number % 4] + " " + ENGLISH[(number // 4 + 1) % 4]
    return run(lambda path: (["text2wave", "-eval", setup, "-o", path], texts))


def letter(number):
    """Dutch and Ukrainian letters and syllables, one at a time."""
    paths = [path for language in ("nl", "uk") for path in sorted(glob.glob(package("klettres", language, "**", "*.ogg"), recursive=True))]
    return read_file(paths[number * 7 % len(paths)])


def after(makers, people):
    """A reader: anybody among `people`, after one of the makers, which take turns."""
    def reader(number):
        rng = np.random.default_rng([11, number])
        return makers[number % len(makers)](rng, anyone(people, f"{makers[0].__name__} {number}"))

    return reader


# name: (reader, recordings, is connected speech)
GOOD = {
    "independent": {
        "prompts, as shipped": (prompt, 60, True), "prompts, joined": (joined, 40, True), "prompts, A-law": (a_law, 40, True),
        "Russian prompts, as shipped": (spoken("Russian"), 30, True), "Italian prompts, as shipped": (spoken("Carlo"), 30, True),
        "Colombian prompts, GSM as shipped": (spoken("Colombian"), 30, True), "Dutch dialogues, as shipped": (spoken("Dutch"), 30, True),
        "cut at the last sample": (after(lines.CUT, INDEPENDENT), 30, True), "trimmed or faded": (after(lines.TRIMMED, INDEPENDENT), 40, True),
        "phone codecs": (after(lines.CODECS, INDEPENDENT), 35, True), "radio": (after(lines.RADIO, INDEPENDENT), 20, True),
        "rooms": (after(lines.ROOMS, INDEPENDENT), 20, True),
        "espeak-ng in six languages": (espeak, 42, True), "festival kal": (festival, 16, True), "one letter, as shipped": (letter, 40, False),
        "a word or two, as shipped": (short, 40, False),
    },
    "kept_back": {
        "French prompts, GSM as shipped": (spoken("Armelle"), 40, True), "Italian prompts, as shipped": (spoken("Menardi"), 30, True),
        "Russian names of things, as shipped": (spoken("Russian names"), 40, True),
        "test recordings, as shipped": (spoken("test recordings"), 9, True), "radio amateurs, as shipped": (spoken("radio amateurs"), 7, True),
        "cut, trimmed or faded": (after(lines.CUT + lines.TRIMMED, KEPT_BACK), 36, True), "phone codecs": (after(lines.CODECS, KEPT_BACK), 21, True),
    },
    "kept_back_0_5": {
        "Steel Sky, as shipped": (spoken("Steel Sky"), 60, True), "Drascula, as shipped": (spoken("Drascula"), 50, True),
        "hillbilly, as shipped": (spoken("hillbilly"), 20, True), "Spanish hedgehogs, as shipped": (spoken("Spanish hedgehogs"), 20, True),
        "names of things, joined": (names, 60, True), "cut, trimmed or faded": (after(lines.CUT + lines.TRIMMED, KEPT_BACK_0_5), 60, True),
        "phone codecs": (after(lines.CODECS, KEPT_BACK_0_5), 42, True), "radio and rooms": (after(lines.RADIO + lines.ROOMS, KEPT_BACK_0_5), 20, True),
    },
}
