"""Moonshine tiny (English): nothing is converted or committed; its manifest says what `npm run models` fetches, and golden values are recorded."""

import json

import numpy as np
import onnxruntime

import fetch
import golden
import recordings
import speech

NAME = "moonshine-tiny-en"
LICENCE = "moonshine_voice-0.0.49.dist-info/licenses/LICENSE"
MEMBERS = {"encoder": ("encoder.ort", "moonshine_voice/assets/tiny-en/encoder_model.ort"),
           "decoder": ("decoder.ort", "moonshine_voice/assets/tiny-en/decoder_model_merged.ort"),
           "tokeniser": ("tokeniser.bin", "moonshine_voice/assets/tiny-en/tokenizer.bin")}
RATE, START, END, MOST_TOKENS_PER_SECOND = 16_000, 1, 2, 6.5
# Of silero-vad's function: as src/pipelines/interviews/models/transcript/moonshine.ts has it.
CUT = {"min_silence_duration_ms": 800, "speech_pad_ms": 200, "max_speech_duration_s": 30}
LAYERS, HEADS, HEAD_WIDTH = 6, 8, 36


def session(member):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(fetch.member("moonshine-voice", member), options)


def encode(samples):
    mask = np.ones((1, len(samples)), np.int64)
    return session(MEMBERS["encoder"][1]).run(None, {"input_values": samples[np.newaxis], "attention_mask": mask})[0]


def tokens_of(samples, hidden):
    """Greedy decoding, as the package's library does it."""
    decoder = session(MEMBERS["decoder"][1])
    names = [output.name for output in decoder.get_outputs()]
    past = {f"past_key_values.{layer}.{part}.{kind}": np.zeros((1, HEADS, 0, HEAD_WIDTH), np.float32)
            for layer in range(LAYERS) for part in ["decoder", "encoder"] for kind in ["key", "value"]}
    tokens = [START]
    for step in range(int(np.ceil(len(samples) / RATE * MOST_TOKENS_PER_SECOND))):
        inputs = {"input_ids": np.array([tokens[-1:]], np.int64), "encoder_hidden_states": hidden, "use_cache_branch": np.array([step > 0]),
                  "encoder_attention_mask": np.ones((1, len(samples)), np.int64), **past}
        outputs = dict(zip(names, decoder.run(None, inputs)))
        tokens.append(int(outputs["logits"][0, -1].argmax()))
        if tokens[-1] == END:
            break
        for name in past:
            if step == 0 or ".decoder." in name:
                past[name] = outputs[name.replace("past_key_values", "present")]
    return [token for token in tokens if token not in (START, END)]


def case():
    # With a pause that parts it, and silence around it.
    reading, silence = recordings.read(recordings.READING), np.zeros(RATE, np.float32)
    samples = np.concatenate([reading[:RATE * 2], silence, reading[RATE * 2:]])
    segments = []
    for start, end in speech.cut(speech.by_steps(samples), len(samples), CUT):
        piece = samples[start:end]
        hidden = encode(piece)
        segments.append({"start": start / RATE, "end": end / RATE, "hidden": {"every": 8, "width": hidden.shape[2], "values": golden.packed(hidden[0, ::8])},
                         "tokens": tokens_of(piece, hidden)})
    return {"recorded_with": f"onnxruntime {golden.version_of('onnxruntime')}", "recording": recordings.READING, "pause": {"after_seconds": 2, "seconds": 1},
            "segments": segments}


def write(models, digest):
    folder = models / NAME
    folder.mkdir(parents=True, exist_ok=True)
    package = fetch.PACKAGES["moonshine-voice"]
    artefacts = {}
    for name, (file, member) in MEMBERS.items():
        data = fetch.member("moonshine-voice", member)
        artefacts[name] = {"file": file, "bytes": len(data), "sha256": digest(data), "member": member}
    manifest = {"schema_version": 1, "name": NAME, "version": "0.0.49", "licence": "MIT", "weights": "fetched by npm run models",
                "description": "Words of English speech, by segments of up to half a minute.",
                "source": {"key": "moonshine-voice", "registry": package["registry"], "package": package["name"], "version": package["version"],
                           "package_sha256": package["sha256"], "member": "moonshine_voice/assets/tiny-en"},
                "artefacts": artefacts}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    (folder / "LICENSE").write_bytes(fetch.member("moonshine-voice", LICENCE))
    golden.write(folder, case())
    print(f"models/{NAME}: {sum(artefact['bytes'] for artefact in artefacts.values())} bytes, not kept here", flush=True)
