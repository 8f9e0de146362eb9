import { InvalidInput } from '../../../../platform/errors.js';
import { readModelFiles } from '../model-files.js';
import { SPEECH_RATE_HZ, type SegmentOptions, type SpeechSegment } from '../speech/speech-segments.js';
import { decodeGreedily } from './decode-greedily.js';
import { LEAST_SAMPLES, openMoonshineNetworks } from './moonshine-networks.js';
import { readTokeniser } from './tokeniser.js';
import type { TranscribedSpeech } from '../../contract/audio-part.js';
import type { Transcriber } from './transcriber.js';

/** It was trained on pieces of up to half a minute, and loses words in longer ones. */
const MAX_SEGMENT_SECONDS = 30;
/** Attention takes memory by the square of a piece's length: 190 MB for 28 s, 40 for 15, and each second costs less. */
const LONGEST_PIECE_SECONDS = 15;
/** How speech is cut for it: shorter pieces lose words at their ends, and a sentence in two is heard worse (see the model's card). */
export const SPEECH_FOR_MOONSHINE: SegmentOptions = {
  minSilenceSeconds: 0.8,
  padSeconds: 0.2,
  maxSpeechSeconds: LONGEST_PIECE_SECONDS,
};
const LANGUAGE = 'en';
const START_TOKEN = 1;
const END_TOKEN = 2;
/** Moonshine's own bound for English: what is longer repeats itself. */
const MOST_TOKENS_PER_SECOND = 6.5;

/**
 * Opens Moonshine tiny, English (Jeffries et al., 2024, arXiv:2410.15608), in a model's folder; `npm run models` fetches its
 * weights.
 *
 * @throws ModelInvalid when anything about the folder is not as its manifest says
 */
export async function openMoonshine(folder: string): Promise<Transcriber> {
  const { manifest, artefacts } = readModelFiles(folder, ['encoder', 'decoder', 'tokeniser']);
  const label = `model ${manifest.name} ${manifest.version}`;
  const tokeniser = readTokeniser(artefacts.tokeniser, `${label}: tokeniser`);
  const networks = await openMoonshineNetworks(artefacts, label);

  const textOf = async (piece: Float32Array): Promise<string> => {
    const most = Math.ceil((piece.length / SPEECH_RATE_HZ) * MOST_TOKENS_PER_SECOND);
    const step = networks.startDecoder(await networks.encode(piece), piece.length);
    return tokeniser.textOf(await decodeGreedily(step, { start: START_TOKEN, end: END_TOKEN, most }));
  };
  return {
    name: manifest.name,
    version: manifest.version,
    languages: [LANGUAGE],
    async transcribe(pcm16k, segments, { language }) {
      if (language !== LANGUAGE) {
        throw new InvalidInput(`${manifest.name} transcribes ${LANGUAGE}, not ${JSON.stringify(language)}`);
      }
      const pieces = segments.map((segment) => pieceOf(pcm16k, segment));
      const transcript: TranscribedSpeech[] = [];
      for (const [index, { start, end }] of segments.entries()) {
        transcript.push({ start, end, text: await textOf(pieces[index]!) });
      }
      return transcript;
    },
    release: () => networks.release(),
  };
}

/** The samples of a segment, filled up with silence where they are too few. @throws InvalidInput */
export function pieceOf(pcm16k: Float32Array, { start, end }: SpeechSegment): Float32Array {
  const seconds = pcm16k.length / SPEECH_RATE_HZ;
  if (!(start >= 0 && start < end && end <= seconds)) {
    throw new InvalidInput(
      `a segment is from ${start} to ${end} s, expected times in order, from 0 to ${seconds} s`,
    );
  }
  if (end - start > MAX_SEGMENT_SECONDS) {
    throw new InvalidInput(`a segment lasts ${end - start} s, expected at most ${MAX_SEGMENT_SECONDS} s`);
  }
  const piece = pcm16k.slice(Math.round(start * SPEECH_RATE_HZ), Math.round(end * SPEECH_RATE_HZ));
  if (piece.length >= LEAST_SAMPLES) return piece;
  const filled = new Float32Array(LEAST_SAMPLES);
  filled.set(piece);
  return filled;
}
