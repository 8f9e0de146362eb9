import { SPEECH_RATE_HZ } from '../../models/speech/speech-segments.js';

/** Time stamps may be that far off the samples, in seconds: containers round, and recorders wait for their sound card. */
const TOLERANCE_SECONDS = 0.1;
/** Longer gaps are so much silence to who listens: it ends any speech. */
export const LONGEST_SILENCE_SECONDS = 1;
/** A damaged file may jump at every packet. Further gaps are not told from sound. */
const MOST_GAPS = 10_000;

/** From this sample at 16 kHz on, the sound is at this time. */
interface Mark {
  sample: number;
  time: number;
}

/** Tells samples at 16 kHz, gaps filled up with at most a second of silence, from the times they have in the medium. */
export interface SoundClock {
  /**
   * Seconds that are missing before a piece that begins at `time`, when sound until `end` was heard; 0 where it follows on, and where it
   * begins earlier, since time does not go back.
   */
  gapBefore(time: number, end: number): number;
  /** The next sample, which is number `sample`, is at `time`. */
  mark(sample: number, time: number): void;
  /** Time of a sample in seconds. */
  timeOf(sample: number): number;
}

export function startSoundClock(): SoundClock {
  const marks: Mark[] = [];
  return {
    gapBefore(time, end) {
      const gap = time - end;
      return gap > TOLERANCE_SECONDS && marks.length < MOST_GAPS ? gap : 0;
    },
    mark(sample, time) {
      marks.push({ sample, time });
    },
    timeOf(sample) {
      let [low, high] = [0, marks.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (marks[middle]!.sample <= sample) low = middle;
        else high = middle - 1;
      }
      const mark = marks[low];
      return mark === undefined ? 0 : mark.time + (sample - mark.sample) / SPEECH_RATE_HZ;
    },
  };
}
