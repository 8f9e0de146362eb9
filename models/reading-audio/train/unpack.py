"""Takes the spoken lines out of the games' archives: python unpack.py SHARE writes SHARE/lines/GAME/NAME.wav (or .mp3, .ogg as it was).

SHARE: the usr/share of the unpacked packages. The formats are those that ScummVM reads: a game's own table of files, and samples of
eight bits without a sign at 11,025 Hz.
"""

import pathlib
import struct
import sys
import zipfile

import numpy as np
import soundfile

import propack

RATE = 11_025
# A line, and no music or noise of machines.
LONGEST_SECONDS = 20


def _write(folder, name, data):
    samples = (np.frombuffer(data, dtype=np.uint8).astype(np.float32) - 128) / 128
    if 0.3 * RATE < len(samples) < LONGEST_SECONDS * RATE:
        soundfile.write(folder / f"{name}.wav", samples, RATE, subtype="PCM_16")


def _sky(share, folder):
    """Beneath a Steel Sky: files from 50,000 on are speech, packed after a header of 22 bytes. A third of them is enough."""
    table, data = ((share / "scummvm/beneath-a-steel-sky" / f"sky.{kind}").read_bytes() for kind in ("dnr", "dsk"))
    for entry in range(4, 4 + 8 * struct.unpack_from("<I", table)[0], 8):
        number, place, size = (int.from_bytes(table[entry + first : entry + last], "little") for first, last in ((0, 2), (2, 5), (5, 8)))
        place = (place & 0x7FFFFF) << 4 if place >> 23 else place
        packed = data[place + 22 : place + (size & 0x3FFFFF)]
        if 50_000 <= number < 56_000 and number % 3 == 0 and packed.startswith(b"RNC\1"):
            _write(folder, number, propack.unpack(packed))


def _queen(share, folder):
    """Flight of the Amazon Queen: speech in MP3, as ScummVM's tool packed it."""
    data = (share / "scummvm/flight-of-the-amazon-queen/queen.1c").read_bytes()
    for index in range(struct.unpack_from(">H", data, 13)[0]):
        name, _, place, size = struct.unpack_from(">12sBII", data, 15 + 21 * index)
        name = name.rstrip(b"\0").decode()
        # JOE's lines and the others'; files of other names are noises.
        if name.endswith(".SB") and name[:6].isalnum() and name[6] in "JP":
            (folder / f"{name[:-3]}.mp3").write_bytes(data[place : place + size])


def _drascula(share, folder, language):
    """Drascula: a file for each line, after a header of 32 bytes."""
    for path in sorted((share / "scummvm/drascula" / language).glob("*.ALS")):
        _write(folder, path.stem, path.read_bytes()[32:])


def _warzone(share, folder):
    """Warzone 2100: voices of the headquarters, pilots and commanders; Nexus is a machine."""
    with zipfile.ZipFile(share / "games/warzone2100/base.wz") as archive:
        for name in archive.namelist():
            part = name.removeprefix("audio/").split("/")[0]
            if name.endswith(".ogg") and part in ("memressp", "tutorial", "taunts", "vtoltalk", "trnsppil", "countdown"):
                (folder / name.removeprefix("audio/").replace("/", "-")).write_bytes(archive.read(name))


GAMES = {"sky": _sky, "queen": _queen, "drascula-es": lambda share, folder: _drascula(share, folder, "es"),
         "drascula-en": lambda share, folder: _drascula(share, folder, "en"), "warzone": _warzone}


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    for game, unpack in GAMES.items():
        (root / "lines" / game).mkdir(parents=True, exist_ok=True)
        unpack(root, root / "lines" / game)
