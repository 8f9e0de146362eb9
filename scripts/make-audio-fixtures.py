"""Makes the small recordings under test/fixtures/audio/files, from nothing but espeak-ng, ffmpeg and numbers.

python scripts/make-audio-fixtures.py
Needs: espeak-ng and ffmpeg on PATH; libopencore-amrnb.so.0 (Debian: libopencore-amrnb0) for the AMR files, its path
in AMRNB_LIBRARY if the loader does not find it. Tests do not run this: the files are committed.
"""
import ctypes
import os
import subprocess
import tempfile
from pathlib import Path

FILES = Path(__file__).resolve().parent.parent / "test/fixtures/audio/files"
SENTENCE = "आज शाळेत जातो"
# Milliseconds of speech in one AMR frame, and the encoder's highest mode, 12.2 kbit/s.
AMR_FRAME_SAMPLES = 160
AMR_MODE = 7


def ffmpeg(*arguments):
    # Without encoder names and dates the same input gives the same bytes.
    exact = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments[:-1], *exact, arguments[-1]], check=True)


def make_amr(pcm, target):
    library = ctypes.CDLL(os.environ.get("AMRNB_LIBRARY", "libopencore-amrnb.so.0"))
    library.Encoder_Interface_init.restype = ctypes.c_void_p
    state = ctypes.c_void_p(library.Encoder_Interface_init(0))
    frame_bytes = 2 * AMR_FRAME_SAMPLES
    encoded = bytearray(b"#!AMR\n")
    for start in range(0, len(pcm) - frame_bytes + 1, frame_bytes):
        out = ctypes.create_string_buffer(64)
        length = library.Encoder_Interface_Encode(state, AMR_MODE, pcm[start : start + frame_bytes], out, 0)
        encoded += out.raw[:length]
    library.Encoder_Interface_exit(state)
    target.write_bytes(bytes(encoded))


def main():
    FILES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        subprocess.run(["espeak-ng", "-v", "mr", "-s", "190", "-w", str(spoken), SENTENCE], check=True)
        speech = FILES / "speech.wav"
        ffmpeg("-i", spoken, "-t", "1.1", "-ac", "1", "-ar", "22050", "-c:a", "pcm_s16le", speech)
        ffmpeg("-i", speech, "-ar", "8000", "-c:a", "pcm_s16le", FILES / "speech-8k.wav")
        ffmpeg("-i", speech, "-c:a", "pcm_u8", FILES / "speech-8bit.wav")
        ffmpeg("-i", speech, "-ar", "11025", "-c:a", "pcm_s24le", FILES / "speech-24bit.wav")
        # The second channel is quieter, so that averaging differs from taking one.
        stereo = Path(folder) / "stereo.wav"
        pan = "pan=stereo|c0=c0|c1=0.3*c0,aresample=44100"
        ffmpeg("-i", speech, "-af", pan, "-c:a", "pcm_s16le", stereo)
        ffmpeg("-i", stereo, "-t", "0.35", "-c:a", "pcm_s16le", FILES / "speech-44k-stereo.wav")
        ffmpeg("-i", stereo, "-ac", "1", "-ar", "16000", FILES / "speech.flac")
        ffmpeg("-i", stereo, "-b:a", "64k", FILES / "speech.mp3")
        ffmpeg("-i", stereo, "-c:a", "aac", "-b:a", "64k", FILES / "speech.m4a")
        ffmpeg("-i", stereo, "-c:a", "libvorbis", "-b:a", "64k", FILES / "speech.ogg")
        ffmpeg("-i", stereo, "-c:a", "libopus", "-ar", "48000", "-b:a", "48k", FILES / "speech.opus")
        ffmpeg("-i", stereo, "-c:a", "libopus", "-ar", "48000", "-b:a", "48k", FILES / "speech.webm")
        # Frames without a container, and containers whose lengths are left open or told piece by piece.
        telephone_quality = ["-i", speech, "-ar", "16000", "-ac", "1"]
        ffmpeg(*telephone_quality, "-c:a", "aac", "-b:a", "32k", FILES / "speech.aac")
        ffmpeg(*telephone_quality, "-c:a", "aac", "-b:a", "32k", "-f", "latm", FILES / "speech.latm")
        ffmpeg(*telephone_quality, "-c:a", "libopus", "-live", "1", FILES / "speech-live.webm")
        # As a browser's tab that was open for two hours counts the time.
        late = ["-output_ts_offset", "7200"]
        ffmpeg(*telephone_quality, "-c:a", "libopus", "-live", "1", *late, FILES / "speech-late.webm")
        ffmpeg(*telephone_quality, "-c:a", "libopus", *late, FILES / "speech-late.opus")
        fragments = ["-movflags", "frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "200000"]
        ffmpeg(*telephone_quality, "-c:a", "aac", "-b:a", "32k", *fragments, FILES / "speech-fragmented.mp4")
        ffmpeg(*telephone_quality, "-c:a", "aac", "-b:a", "32k", *fragments, *late, FILES / "speech-late.mp4")
        ffmpeg(*telephone_quality, "-c:a", "aac", "-b:a", "32k", "-movflags", "+faststart", FILES / "speech-index-first.m4a")
        ffmpeg("-i", speech, "-ar", "8000", "-c:a", "pcm_s16be", FILES / "speech.aiff")
        ffmpeg("-i", speech, "-ar", "8000", "-c:a", "pcm_s16be", FILES / "speech.caf")
        ffmpeg("-f", "lavfi", "-i", "testsrc=size=32x32:rate=5:duration=1", "-an", FILES / "video-only.mp4")
        telephone = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", speech, "-ar", "8000", "-f", "s16le", "-"],
            check=True,
            capture_output=True,
        ).stdout
        make_amr(telephone, FILES / "speech.amr")
        ffmpeg("-i", FILES / "speech.amr", "-c:a", "copy", FILES / "speech.3gp")


if __name__ == "__main__":
    main()
