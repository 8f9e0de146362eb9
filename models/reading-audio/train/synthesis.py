"""Speech from synthetic voices, mono float32 at 22,050 Hz."""

import glob
import os
import subprocess
import tempfile

import numpy as np
import soundfile
import soxr

RATE = 22_050


def load(path):
    """A wav file's samples, channels averaged, resampled to 22,050 Hz."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    samples = samples.mean(axis=1)
    return samples if rate == RATE else soxr.resample(samples, rate, RATE).astype(np.float32)


def espeak(text, voice, words_per_minute=150, pitch=50, pitch_range=50, word_gap=0):
    """Reads `text` with an espeak-ng voice such as `mr+f2`.

    `pitch` and `pitch_range` are espeak's 0 to 99; `word_gap` is a pause in units of 10 ms.
    """
    with tempfile.TemporaryDirectory() as folder:
        wav = os.path.join(folder, "speech.wav")
        # The pitch range exists only in SSML's prosody element.
        ssml = f'<speak><prosody range="{pitch_range * 2}%">{text}</prosody></speak>'
        subprocess.run(
            ["espeak-ng", "-m", "-v", voice, "-s", str(words_per_minute), "-p", str(pitch), "-g", str(word_gap), "-w", wav, ssml],
            check=True, capture_output=True,
        )
        return load(wav)


def festival(texts, voice, voice_folder, stretch=1.0):
    """Reads several texts with one festival voice (loading a voice costs more than reading)."""
    with tempfile.TemporaryDirectory() as folder:
        # Only the given folder: a system-wide copy of a voice would shadow it and depend on the machine.
        script = [f'(set! voice-path (list "{voice_folder}/voices/"))', "(set! voice-locations nil)", "(search-for-voices)"]
        script += [f'(set! load-path (cons "{path}/" load-path))' for path in [voice_folder, *sorted(glob.glob(f"{voice_folder}/*_scm")), f"{voice_folder}/upc_catalan"]]
        script += [f'(set! lexdir "{voice_folder}/dicts/")']
        script += [f'(defvar czech-{name}-unisyn-index "{voice_folder}/voices/czech/czech_{name}/group/{name}.group")'
                   for name in ("dita", "krb", "machac", "ph")]
        script += [f"({voice})", f"(Parameter.set 'Duration_Stretch {stretch})"]
        for i, text in enumerate(texts):
            quoted = text.replace('"', "")
            script.append(f'(utt.save.wave (utt.synth (Utterance Text "{quoted}")) "{folder}/{i}.wav" \'riff)')
        path = os.path.join(folder, "script.scm")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(script))
        subprocess.run(["festival", "--batch", path], check=True, capture_output=True)
        return [load(os.path.join(folder, f"{i}.wav")) for i in range(len(texts))]
