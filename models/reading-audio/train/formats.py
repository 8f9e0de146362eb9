"""Encoding to the formats that recordings arrive in, through PyAV so that its pinned wheel decides the bytes."""

import io

import av
import numpy as np
import soxr

from synthesis import RATE

# Encoders' quick modes, three times as fast: what they leave out is far below what a feature notices.
QUICK_MP3, QUICK_AAC, QUICK_OPUS = {"compression_level": "7"}, {"aac_coder": "fast"}, {"compression_level": "5"}
# name: (container, codec, sample rate, sample format, codec options)
FORMATS = {
    "wav16k": ("wav", "pcm_s16le", 16_000, "s16", {}),
    "wav44k": ("wav", "pcm_s16le", 44_100, "s16", {}),
    "mulaw8k": ("wav", "pcm_mulaw", 8_000, "s16", {}),
    "flac22k": ("flac", "flac", 22_050, "s16", {}),
    "mp3_44k": ("mp3", "libmp3lame", 44_100, "fltp", {"b": "64000", **QUICK_MP3}),
    "mp3_16k": ("mp3", "libmp3lame", 16_000, "fltp", {"b": "32000", **QUICK_MP3}),
    "m4a_44k": ("ipod", "aac", 44_100, "fltp", {"b": "64000", **QUICK_AAC}),
    "m4a_16k": ("ipod", "aac", 16_000, "fltp", {"b": "32000", **QUICK_AAC}),
    "opus_24": ("ogg", "libopus", 48_000, "flt", {"b": "24000", **QUICK_OPUS}),
    "opus_16": ("ogg", "libopus", 16_000, "flt", {"b": "16000", **QUICK_OPUS}),
    "webm_32": ("webm", "libopus", 48_000, "flt", {"b": "32000", **QUICK_OPUS}),
    "vorbis": ("ogg", "vorbis", 22_050, "fltp", {"strict": "experimental"}),
    "amr": ("amr", "libopencore_amrnb", 8_000, "s16", {"b": "12200"}),
    "3gp": ("3gp", "libopencore_amrnb", 8_000, "s16", {"b": "7950"}),
    "amr_59": ("amr", "libopencore_amrnb", 8_000, "s16", {"b": "5900"}),
    "alaw8k": ("wav", "pcm_alaw", 8_000, "s16", {}),
    "g726_32": ("wav", "g726", 8_000, "s16", {"code_size": "4"}),
    "g726_24": ("wav", "g726", 8_000, "s16", {"code_size": "3"}),
    "g722": ("wav", "g722", 16_000, "s16", {}),
    "ima": ("wav", "adpcm_ima_wav", 8_000, "s16p", {}),
    "opus_8k": ("ogg", "libopus", 8_000, "flt", {"b": "8000", "application": "voip", **QUICK_OPUS}),
    "opus_12k": ("ogg", "libopus", 8_000, "flt", {"b": "12000", "application": "voip", **QUICK_OPUS}),
}


def encode(samples, name):
    """Samples at 22,050 Hz to a file's bytes in one of `FORMATS`."""
    container, codec, rate, sample_format, options = FORMATS[name]
    samples = samples if rate == RATE else soxr.resample(samples, RATE, rate)
    samples = np.clip(samples, -1, 1).astype(np.float32)
    buffer = io.BytesIO()
    output = av.open(buffer, "w", format=container, container_options={"fflags": "+bitexact"})
    layout = "stereo" if codec == "vorbis" else "mono"
    stream = output.add_stream(codec, rate=rate, layout=layout, options={**options, "flags": "+bitexact"})
    if "b" in options:
        stream.bit_rate = int(options["b"])
    if codec == "vorbis":
        stream.codec_context.options = options
    frame = av.AudioFrame.from_ndarray(samples[None, :], format="flt", layout="mono")
    frame.sample_rate = rate
    frame.pts = 0
    resampler = av.AudioResampler(format=sample_format, layout=layout, rate=rate, frame_size=stream.codec_context.frame_size or 0)
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        for packet in stream.encode(part):
            output.mux(packet)
    for packet in stream.encode(None):
        output.mux(packet)
    output.close()
    return buffer.getvalue()


def decode(data):
    """A file's bytes to mono float32 at 22,050 Hz."""
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.audio[0]
        rate = stream.rate
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        parts = []
        for frame in container.decode(stream):
            parts += [out.to_ndarray()[0] for out in resampler.resample(frame)]
        parts += [out.to_ndarray()[0] for out in resampler.resample(None)]
    samples = np.concatenate(parts)
    return samples if rate == RATE else soxr.resample(samples, rate, RATE).astype(np.float32)


def round_trip(samples, name):
    """What a listener hears of `samples` after they were stored in format `name`."""
    return decode(encode(samples, name))
