import { performance } from 'node:perf_hooks';
import { isDeepStrictEqual } from 'node:util';
import { readModelFiles } from '#vachan/pipelines/interviews/models/model-files.js';
import { openSpeechDetector } from '#vachan/pipelines/interviews/models/speech/speech-detector.js';
import { SPEECH_RATE_HZ, startCutting } from '#vachan/pipelines/interviews/models/speech/speech-segments.js';
import {
  openMoonshine,
  pieceOf,
  SPEECH_FOR_MOONSHINE,
} from '#vachan/pipelines/interviews/models/transcript/moonshine.js';
import { openMoonshineNetworks } from '#vachan/pipelines/interviews/models/transcript/moonshine-networks.js';
import { readTokeniser } from '#vachan/pipelines/interviews/models/transcript/tokeniser.js';
import { unpackFloats } from './golden.js';
import { relativeDifference } from './verify-network.js';
import { wavSamples } from './wav-samples.js';

/** What Moonshine's networks make of a recording's segments in Python; scripts/models/transcript.py writes it. */
export interface TranscriptGolden {
  recorded_with: string;
  /** Path in the project. */
  recording: string;
  /** Silence that is put into the recording. */
  pause: { after_seconds: number; seconds: number };
  segments: {
    start: number;
    end: number;
    /** Each so-manieth row of what the encoder hears. */
    hidden: { every: number; width: number; values: string };
    tokens: number[];
  }[];
}

/** Greatest difference of what the encoder hears, of its greatest value. */
export async function verifyEncoder(folder: string, golden: TranscriptGolden): Promise<number> {
  const { artefacts } = readModelFiles(folder, ['encoder', 'decoder']);
  const networks = await openMoonshineNetworks(artefacts, folder);
  const samples = samplesOf(golden);
  let greatest = 0;
  for (const segment of golden.segments) {
    const { every, width, values } = segment.hidden;
    const heard = (await networks.encode(pieceOf(samples, segment))).data as Float32Array;
    const rows = heard.filter((_, index) => Math.floor(index / width) % every === 0);
    greatest = Math.max(greatest, relativeDifference(unpackFloats(values), rows));
  }
  await networks.release();
  return greatest;
}

/** From samples to words: segments with other times or another text than recorded, and how long writing them down took. */
export async function verifyTranscript(
  folders: { speech: string; words: string },
  golden: TranscriptGolden,
): Promise<{ different: number; milliseconds: number }> {
  const samples = samplesOf(golden);
  const detector = await openSpeechDetector(folders.speech);
  const transcriber = await openMoonshine(folders.words);
  const listener = detector.listen();
  const cutter = startCutting(SPEECH_FOR_MOONSHINE);
  const segments = [
    ...cutter.push(await listener.hear(samples)),
    ...cutter.push(await listener.finish()),
    ...cutter.finish(samples.length),
  ];
  const start = performance.now();
  const transcript = await transcriber.transcribe(samples, segments, { language: 'en' });
  const milliseconds = performance.now() - start;
  await Promise.all([detector.release(), transcriber.release()]);
  const { tokeniser } = readModelFiles(folders.words, ['tokeniser']).artefacts;
  const { textOf } = readTokeniser(tokeniser, folders.words);
  const expected = golden.segments.map(({ start, end, tokens }) => ({ start, end, text: textOf(tokens) }));
  const missing = Math.abs(expected.length - transcript.length);
  const different = transcript.filter((segment, index) => !isDeepStrictEqual(segment, expected[index]));
  return { different: Math.max(missing, different.length), milliseconds };
}

function samplesOf({ recording, pause }: TranscriptGolden): Float32Array {
  const reading = wavSamples(recording);
  const at = pause.after_seconds * SPEECH_RATE_HZ;
  const samples = new Float32Array(reading.length + pause.seconds * SPEECH_RATE_HZ);
  samples.set(reading.subarray(0, at));
  samples.set(reading.subarray(at), at + pause.seconds * SPEECH_RATE_HZ);
  return samples;
}
