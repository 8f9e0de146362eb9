/** Samples a second of everything that hears speech here. */
export const SPEECH_RATE_HZ = 16_000;
/** Samples that one probability is of: 32 ms. */
export const FRAME_SAMPLES = 512;

/** Seconds from the recording's first sample. */
export interface SpeechSegment {
  start: number;
  end: number;
}

export interface SegmentOptions {
  /** Speech begins at this probability. @default 0.5 */
  threshold?: number;
  /** It ends below this one. @default threshold - 0.15, at least 0.01 */
  endThreshold?: number;
  /** Shorter speech is none. @default 0.25 */
  minSpeechSeconds?: number;
  /** A shorter silence is part of the speech around it. @default 0.1 */
  minSilenceSeconds?: number;
  /** Added on both sides, up to the middle of a pause. @default 0.03 */
  padSeconds?: number;
  /** Longer speech is cut at its longest silence, or else where it reaches this. @default no limit */
  maxSpeechSeconds?: number;
}

/** Silences from this length on are places to cut at. */
const MIN_CUT_SILENCE_SECONDS = 0.098;

/** Cuts the speech of one recording while it goes on, so that nobody has to keep all of it. */
export interface SegmentCutter {
  /** @param probabilities the next ones @returns the segments that are certain now, in order */
  push(probabilities: ArrayLike<number>): SpeechSegment[];
  /** @param samples length of the recording @returns the segments that are left */
  finish(samples: number): SpeechSegment[];
}

/**
 * Speech in a recording: silero-vad 6.2's state machine (`get_speech_timestamps_from_probs`, MIT), to the sample.
 *
 * @param probabilities one for each `FRAME_SAMPLES`
 * @param samples length of the recording
 * @returns in order, not overlapping
 */
export function speechSegments(
  probabilities: ArrayLike<number>,
  samples: number,
  options: SegmentOptions = {},
): SpeechSegment[] {
  const cutter = startCutting(options);
  return [...cutter.push(probabilities), ...cutter.finish(samples)];
}

/** Begins to cut a recording by the same rules; the segments are the same however the probabilities come. */
export function startCutting(options: SegmentOptions = {}): SegmentCutter {
  const { threshold = 0.5, maxSpeechSeconds = Infinity, padSeconds = 0.03 } = options;
  const { endThreshold = Math.max(threshold - 0.15, 0.01) } = options;
  const minSpeech = (options.minSpeechSeconds ?? 0.25) * SPEECH_RATE_HZ;
  const minSilence = (options.minSilenceSeconds ?? 0.1) * SPEECH_RATE_HZ;
  const maxSpeech = (maxSpeechSeconds - 2 * padSeconds) * SPEECH_RATE_HZ - FRAME_SAMPLES;
  const padding = startPadding(padSeconds * SPEECH_RATE_HZ);
  let frames = 0;
  /** First sample of the speech that goes on; undefined in silence. */
  let start: number | undefined;
  /** Where the silence began that may end the speech. */
  let fallen: number | undefined;
  /** Silences inside the speech. */
  let places: { at: number; length: number }[] = [];

  const next = (probability: number): void => {
    const now = frames++ * FRAME_SAMPLES;
    if (probability >= threshold && fallen !== undefined) {
      const length = now - fallen;
      if (length > MIN_CUT_SILENCE_SECONDS * SPEECH_RATE_HZ) places.push({ at: fallen, length });
      fallen = undefined;
    }
    if (start === undefined) {
      if (probability >= threshold) start = now;
      return;
    }
    if (now - start > maxSpeech) {
      if (places.length === 0) {
        padding.add(start, now);
        start = fallen = undefined;
        return;
      }
      const longest = places.reduce((best, place) => (place.length > best.length ? place : best));
      padding.add(start, longest.at);
      start = longest.at + longest.length;
      fallen = undefined;
      places = [];
    }
    if (probability >= endThreshold) return;
    fallen ??= now;
    if (now - fallen < minSilence) return;
    if (fallen - start > minSpeech) padding.add(start, fallen);
    start = fallen = undefined;
    places = [];
  };

  return {
    push(probabilities) {
      for (let index = 0; index < probabilities.length; index++) next(probabilities[index]!);
      padding.settle(start ?? frames * FRAME_SAMPLES);
      return padding.take();
    },
    finish(samples) {
      if (start !== undefined && samples - start > minSpeech) padding.add(start, samples);
      padding.settle(Infinity, samples);
      return padding.take();
    },
  };
}

/** Widens segments by all of the padding, or by half of the pause where that is shorter: so each waits for the next one. */
function startPadding(padding: number) {
  /** Widened at its start; `end` is as it was. Samples. */
  let waiting: { start: number; end: number } | undefined;
  let before = -Infinity;
  let done: SpeechSegment[] = [];

  const release = (end: number): void => {
    done.push({ start: waiting!.start / SPEECH_RATE_HZ, end: end / SPEECH_RATE_HZ });
    waiting = undefined;
  };
  return {
    add(start: number, end: number): void {
      const pause = start - before;
      const added = pause < 2 * padding ? Math.floor(pause / 2) : padding;
      if (waiting !== undefined) release(Math.trunc(waiting.end + added));
      waiting = { start: Math.trunc(Math.max(0, start - added)), end };
      before = end;
    },
    /** Lets the last one go if none can follow before `next` that shares its padding. */
    settle(next: number, samples = Infinity): void {
      if (waiting === undefined || next - waiting.end < 2 * padding) return;
      release(Math.trunc(Math.min(samples, waiting.end + padding)));
    },
    take(): SpeechSegment[] {
      const taken = done;
      done = [];
      return taken;
    },
  };
}
