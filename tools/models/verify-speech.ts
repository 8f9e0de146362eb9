import { performance } from 'node:perf_hooks';
import { joined, openSpeechDetector } from '#vachan/pipelines/interviews/models/speech/speech-detector.js';
import {
  SPEECH_RATE_HZ,
  speechSegments,
  type SegmentOptions,
} from '#vachan/pipelines/interviews/models/speech/speech-segments.js';
import { unpackFloats } from './golden.js';
import { wavSamples } from './wav-samples.js';

/** What silero-vad's step model and state machine make of a recording; scripts/models/speech.py writes it. */
export interface SpeechGolden {
  recorded_with: string;
  /** Path in the project. */
  recording: string;
  probabilities: string;
  /** Samples. Options are named as in the package. */
  segments: {
    probabilities: string;
    samples: number;
    options: Record<string, number>;
    expected: [number, number][];
  }[];
}

/** Greatest difference of a frame's probability, and how many times faster than the recording it was heard. */
export async function verifySpeech(
  folder: string,
  golden: SpeechGolden,
): Promise<{ difference: number; milliseconds: number; seconds: number }> {
  const detector = await openSpeechDetector(folder);
  const samples = wavSamples(golden.recording);
  const expected = unpackFloats(golden.probabilities);
  const start = performance.now();
  const listener = detector.listen();
  const heard = joined([await listener.hear(samples), await listener.finish()]);
  const milliseconds = performance.now() - start;
  await detector.release();
  const difference =
    heard.length === expected.length
      ? Math.max(...expected.map((probability, frame) => Math.abs(probability - heard[frame]!)))
      : Infinity;
  return { difference, milliseconds, seconds: samples.length / SPEECH_RATE_HZ };
}

/** Greatest difference in seconds of a segment's start or end; infinite where the number of segments differs. */
export function verifySegments({ segments }: SpeechGolden): number {
  const distances = segments.flatMap(({ probabilities, samples, options, expected }) => {
    const found = speechSegments(unpackFloats(probabilities), samples, optionsOf(options));
    if (found.length !== expected.length) return [Infinity];
    return expected.flatMap(([start, end], index) => [
      Math.abs(start / SPEECH_RATE_HZ - found[index]!.start),
      Math.abs(end / SPEECH_RATE_HZ - found[index]!.end),
    ]);
  });
  return Math.max(...distances);
}

const OPTIONS: Readonly<Record<string, [name: keyof SegmentOptions, unit: number]>> = {
  threshold: ['threshold', 1],
  neg_threshold: ['endThreshold', 1],
  min_speech_duration_ms: ['minSpeechSeconds', 1e-3],
  min_silence_duration_ms: ['minSilenceSeconds', 1e-3],
  speech_pad_ms: ['padSeconds', 1e-3],
  max_speech_duration_s: ['maxSpeechSeconds', 1],
};

function optionsOf(options: Record<string, number>): SegmentOptions {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [OPTIONS[name]![0], value * OPTIONS[name]![1]]),
  );
}
