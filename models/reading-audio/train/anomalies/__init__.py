"""Anomalies made from nothing or from good readings, by kind, each in several ways.

A way takes (rng, reading, another reading) and gives samples. A kind in one way only teaches a detector that way. `train.py` also
measures each way by a detector that was fitted without it.
"""

from anomalies.contact import CONTACT
from anomalies.double_speed import DOUBLE_SPEED
from anomalies.dropouts import DROPOUTS
from anomalies.empty_rooms import EMPTY_ROOMS
from anomalies.noise_over import NOISE_OVER
from anomalies.recorder import RECORDER
from anomalies.tones_and_music import TONES_AND_MUSIC
from anomalies.two_voices import TWO_VOICES

# kind: its ways
KINDS = {
    **EMPTY_ROOMS, **RECORDER, **TONES_AND_MUSIC, "dropouts": DROPOUTS, "two_voices": TWO_VOICES, "double_speed": DOUBLE_SPEED,
    "speech_under_noise": NOISE_OVER, **CONTACT,
}

# Made from nothing: the reading is ignored.
WITHOUT_READING = {*EMPTY_ROOMS, *TONES_AND_MUSIC}
