"""Synthetic recordings of samples/ that golden values are of."""

import wave

import numpy as np

import fetch

# 16 kHz, mono.
READING = "samples/en-story-2.wav"


def read(path):
    """float32 from -1 to 1. Raises SystemExit when it is not 16 kHz, mono, 16 bits."""
    with wave.open(str(fetch.ROOT / path)) as recording:
        if (recording.getframerate(), recording.getnchannels(), recording.getsampwidth()) != (16_000, 1, 2):
            raise SystemExit(f"{path}: expected 16 kHz, mono, 16 bits")
        return np.frombuffer(recording.readframes(recording.getnframes()), "<i2").astype(np.float32) / 32_768
