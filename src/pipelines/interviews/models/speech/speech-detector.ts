import { Tensor } from '../../../../platform/onnx-runtime.js';
import { readModelFiles } from '../model-files.js';
import { floatsOf, openNetwork, type Network } from '../network.js';
import { FRAME_SAMPLES } from './speech-segments.js';

/** Says when somebody speaks. */
export interface SpeechDetector {
  readonly name: string;
  readonly version: string;
  /** Begins to listen to one recording; several may be listened to at once. */
  listen(): SpeechListener;
  release(): Promise<void>;
}

/** Hears one recording from its beginning to its end, in pieces of any length, in memory that does not grow. */
export interface SpeechListener {
  /**
   * @param pcm16k mono, 16 kHz, from -1 to 1; the next piece may come when this one is taken in
   * @returns the probability of speech in each `FRAME_SAMPLES` that were looked at now: none for a while, then seconds at once
   */
  hear(pcm16k: Float32Array): Promise<Float32Array>;
  /** The probabilities that are left, the last frame filled up with silence; hears nothing after that. */
  finish(): Promise<Float32Array>;
}

/** End of the frame before, which the network hears again. */
const CONTEXT_SAMPLES = 64;
const INPUT_SAMPLES = CONTEXT_SAMPLES + FRAME_SAMPLES;
/** Frames a run, 2 s: memory of a run grows with them. The golden recording takes four runs, so that what is carried on is compared. */
const FRAMES_PER_RUN = 64;
/** Of the recurrent layer. */
const STATE_SHAPE = [1, 1, 128];
const STATE_LENGTH = 128;

/**
 * Opens silero-vad's sequence model, which takes many frames a run and gives the step model's probabilities.
 *
 * @throws ModelInvalid when anything about the folder is not as its manifest says
 */
export async function openSpeechDetector(folder: string): Promise<SpeechDetector> {
  const { manifest, artefacts } = readModelFiles(folder, ['network']);
  const network = await openNetwork(artefacts.network, `model ${manifest.name} ${manifest.version}`, {
    inputs: ['input', 'h', 'c'],
    outputs: ['speech_probs', 'hn', 'cn'],
  });
  return {
    name: manifest.name,
    version: manifest.version,
    listen: () => startListening(network),
    release: () => network.release(),
  };
}

function startListening(network: Network): SpeechListener {
  let state = { h: silentState(), c: silentState() };
  /** Frames to be run, each after the end of the one before it. */
  const frames = new Float32Array(FRAMES_PER_RUN * INPUT_SAMPLES);
  /** Whole and begun frames, in samples. */
  let filled = 0;

  const run = async (count: number): Promise<Float32Array> => {
    // A copy: the buffer is filled again, while onnxruntime may still hold the tensor.
    const input = new Tensor('float32', frames.slice(0, count * INPUT_SAMPLES), [count, INPUT_SAMPLES]);
    const outputs = await network.run({ input, ...state });
    state = { h: outputs['hn']!, c: outputs['cn']! };
    const end = frames.slice(count * INPUT_SAMPLES - CONTEXT_SAMPLES, count * INPUT_SAMPLES);
    frames.fill(0);
    frames.set(end);
    filled = 0;
    return floatsOf(outputs, 'speech_probs', count);
  };

  return {
    async hear(pcm16k) {
      const heard: Float32Array[] = [];
      for (let taken = 0; taken < pcm16k.length;) {
        const frame = Math.floor(filled / FRAME_SAMPLES);
        const within = filled % FRAME_SAMPLES;
        const piece = pcm16k.subarray(taken, taken + FRAME_SAMPLES - within);
        fill(frames, frame * INPUT_SAMPLES + CONTEXT_SAMPLES + within, piece);
        taken += piece.length;
        filled += piece.length;
        if (filled % FRAME_SAMPLES > 0) continue;
        if (frame + 1 === FRAMES_PER_RUN) heard.push(await run(FRAMES_PER_RUN));
        else
          frames.copyWithin(
            (frame + 1) * INPUT_SAMPLES,
            (frame + 1) * INPUT_SAMPLES - CONTEXT_SAMPLES,
            (frame + 1) * INPUT_SAMPLES,
          );
      }
      return joined(heard);
    },
    finish: async () => (filled > 0 ? run(Math.ceil(filled / FRAME_SAMPLES)) : new Float32Array()),
  };
}

/** One array of several, in their order. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Copies samples; one that is no number is silence, since it would stay in the network's state for the rest of the recording. */
function fill(frames: Float32Array, at: number, samples: Float32Array): void {
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index]!;
    frames[at + index] = Number.isFinite(sample) ? sample : 0;
  }
}

const silentState = (): Tensor => new Tensor('float32', new Float32Array(STATE_LENGTH), STATE_SHAPE);
