import type { AudioSecond, TimeSpan } from '../../contract/audio-part.js';
import {
  FRAME_SAMPLES,
  SPEECH_RATE_HZ,
  startCutting,
  type SegmentOptions,
} from '../../models/speech/speech-segments.js';
import type { KeptSound } from './kept-sound.js';

/** Every silence that the detector hears; what is too short for a word is dropped below. */
const FINE: SegmentOptions = { minSilenceSeconds: 0.1, minSpeechSeconds: 0.06, padSeconds: 0 };
/** Shorter silences are breaths and stops within words. */
const BRIDGED_SECONDS = 0.25;
/** Shorter speech is none: a click, a knock. */
const LEAST_SECONDS = 0.2;
/** The detector lets go one to three frames late (26 to 98 ms on the labelled files, 62 on average). */
const LEAST_TRIM = FRAME_SAMPLES;
const MOST_TRIM = 3 * FRAME_SAMPLES;
/** Speech's last ten milliseconds are this much louder than the silence behind it, of which so much is compared. */
const BLOCK = SPEECH_RATE_HZ / 100;
const SILENCE = 2 * FRAME_SAMPLES;
const LOUDER = 10 ** (6 / 10);
/** It may let go of a hissed "s" or "f" early: what goes on that far above the noise is still the word. */
const MOST_ADDED = 2 * FRAME_SAMPLES;
const ABOVE_NOISE = 10 ** (15 / 10);

/** Where somebody speaks, found while the sound goes on: silences below 0.25 s bridged, ends where the voice ends. */
export interface SpeechIntervals {
  /** @param sound has all that the probabilities are of, and the seconds before it */
  push(probabilities: Float32Array, sound: KeptSound): void;
  /** @param samples length of the sound @returns all intervals, on the container's clock */
  finish(samples: number, sound: KeptSound): TimeSpan[];
}

export interface IntervalClues {
  /** A sample's time on the container's clock, in seconds. */
  timeOf: (sample: number) => number;
  /** Level of what is no speech so far, in dB of full scale; null where there is none. */
  noiseLevel: () => number | null;
}

export function startSpeechIntervals({ timeOf, noiseLevel }: IntervalClues): SpeechIntervals {
  const cutter = startCutting(FINE);
  const intervals: TimeSpan[] = [];
  let last: TimeSpan | undefined;

  const settle = (): void => {
    if (last !== undefined && last.end - last.start >= LEAST_SECONDS) intervals.push(last);
  };
  const add = (segments: readonly TimeSpan[], sound: KeptSound): void => {
    for (const segment of segments) {
      const [from, to] = [segment.start, segment.end].map((at) => Math.round(at * SPEECH_RATE_HZ)) as [
        number,
        number,
      ];
      const [start, end] = [timeOf(from), timeOf(voiceEnd(sound, { start: from, end: to }, noiseLevel()))];
      const isBridged = last !== undefined && start - last.end < BRIDGED_SECONDS;
      if (!isBridged) settle();
      last = { start: isBridged ? last!.start : start, end };
    }
  };
  return {
    push: (probabilities, sound) => add(cutter.push(probabilities), sound),
    finish(samples, sound) {
      add(cutter.finish(samples), sound);
      settle();
      return intervals;
    },
  };
}

/** Where the voice ends that the detector hears until about `end`; samples. */
function voiceEnd(sound: KeptSound, { start, end }: TimeSpan, noiseDb: number | null): number {
  const silence = meanSquare(sound, end, Math.min(end + SILENCE, sound.end));
  // It speaks until the sound ends.
  if (silence === undefined) return end;
  if (noiseDb !== null) {
    const least = ABOVE_NOISE * 10 ** (noiseDb / 10);
    let added = end;
    while (added < end + MOST_ADDED && (meanSquare(sound, added, added + BLOCK) ?? 0) >= least)
      added += BLOCK;
    if (added > end) return Math.min(added, sound.end);
  }
  let trimmed = end - LEAST_TRIM;
  while (trimmed > end - MOST_TRIM && meanSquare(sound, trimmed - BLOCK, trimmed)! < LOUDER * silence)
    trimmed -= BLOCK;
  return Math.max(trimmed, start + FRAME_SAMPLES);
}

function meanSquare(sound: KeptSound, from: number, to: number): number | undefined {
  if (from >= to || from >= sound.end) return undefined;
  return sound.slice(from, to).reduce((sum, sample) => sum + sample * sample, 0) / (to - from);
}

/** The part of each second in which somebody speaks. @param seconds and intervals in order */
export function addSpeech(
  seconds: readonly Omit<AudioSecond, 'speech'>[],
  intervals: readonly TimeSpan[],
): AudioSecond[] {
  let first = 0;
  return seconds.map((second) => {
    while (first < intervals.length && intervals[first]!.end <= second.k) first++;
    let speech = 0;
    for (let index = first; index < intervals.length && intervals[index]!.start < second.k + 1; index++) {
      const { start, end } = intervals[index]!;
      speech += Math.min(end, second.k + 1) - Math.max(start, second.k);
    }
    return { ...second, speech: Math.round(speech * 1_000) / 1_000 };
  });
}
