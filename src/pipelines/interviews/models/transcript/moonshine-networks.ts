import { Tensor } from '../../../../platform/onnx-runtime.js';
import { ModelInvalid } from '../../../../platform/model-folder.js';
import { openNetwork } from '../network.js';
import type { DecoderStep } from './decode-greedily.js';

/** Moonshine's two networks. */
export interface MoonshineNetworks {
  /** What the encoder hears in a piece, `[1, frames, width]`. @param samples mono, 16 kHz, at least `LEAST_SAMPLES` */
  encode(samples: Float32Array): Promise<Tensor>;
  /** A decoder at its first token, for what the encoder has heard in so many samples. */
  startDecoder(hidden: Tensor, samples: number): DecoderStep;
  release(): Promise<void>;
}

/** A tenth of a second; the encoder's convolutions need 895. */
export const LEAST_SAMPLES = 1_600;

/** Of the tiny model. */
const LAYERS = 6;
const HEADS = 8;
const HEAD_WIDTH = 36;

/** Keys and values that attention remembers: of the tokens so far (`decoder`) and of what was heard (`encoder`). */
const MEMORIES = Array.from({ length: LAYERS }, (_, layer) =>
  ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map((part) => `${layer}.${part}`),
).flat();

/**
 * Opens encoder and decoder, the latter in the layout of Hugging Face's Optimum: one graph for the first step and the others.
 *
 * @param label names the model in messages
 * @throws ModelInvalid when onnxruntime cannot load one of them, or it is another network
 */
export async function openMoonshineNetworks(
  artefacts: Readonly<Record<'encoder' | 'decoder', Uint8Array>>,
  label: string,
): Promise<MoonshineNetworks> {
  const [encoder, decoder] = await Promise.all([
    openNetwork(
      artefacts.encoder,
      `${label}: encoder`,
      { inputs: ['input_values', 'attention_mask'], outputs: ['last_hidden_state'] },
      { inPlace: true },
    ),
    openNetwork(
      artefacts.decoder,
      `${label}: decoder`,
      {
        inputs: ['input_ids', 'use_cache_branch', ...MEMORIES.map((name) => `past_key_values.${name}`)],
        outputs: ['logits', ...MEMORIES.map((name) => `present.${name}`)],
      },
      { inPlace: true },
    ),
  ]);
  return {
    async encode(samples) {
      const outputs = await encoder.run({
        input_values: new Tensor('float32', samples, [1, samples.length]),
        attention_mask: ones(samples.length),
      });
      return outputs['last_hidden_state']!;
    },
    startDecoder(hidden, samples) {
      const mask = ones(samples);
      const memory: Record<string, Tensor> = Object.fromEntries(
        MEMORIES.map((name) => [name, new Tensor('float32', new Float32Array(0), [1, HEADS, 0, HEAD_WIDTH])]),
      );
      let first = true;
      return async (token) => {
        const outputs = await decoder.run({
          input_ids: new Tensor('int64', BigInt64Array.of(BigInt(token)), [1, 1]),
          encoder_hidden_states: hidden,
          encoder_attention_mask: mask,
          use_cache_branch: new Tensor('bool', [!first], [1]),
          ...Object.fromEntries(MEMORIES.map((name) => [`past_key_values.${name}`, memory[name]!])),
        });
        for (const name of MEMORIES) {
          // What was heard stays; later steps give an empty answer for it.
          if (first || name.includes('.decoder.')) memory[name] = outputs[`present.${name}`]!;
        }
        first = false;
        const logits = outputs['logits']?.data;
        if (logits instanceof Float32Array) return logits;
        throw new ModelInvalid(`${label}: the decoder's logits are no float32`);
      };
    },
    async release() {
      await Promise.all([encoder.release(), decoder.release()]);
    },
  };
}

const ones = (length: number): Tensor => new Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]);
