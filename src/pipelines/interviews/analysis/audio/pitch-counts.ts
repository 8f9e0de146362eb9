import type { PitchPart } from '../../contract/audio-part.js';
import { HIGHEST_PITCH_HZ, LOWEST_PITCH_HZ } from './pitch.js';

/** A quarter of a semitone. */
const STEPS_PER_OCTAVE = 48;
const COUNTS = Math.ceil(Math.log2(HIGHEST_PITCH_HZ / LOWEST_PITCH_HZ) * STEPS_PER_OCTAVE);

export const newPitchCounts = (): PitchPart & { frames: number; counts: number[] } => ({
  frames: 0,
  lowest_hz: LOWEST_PITCH_HZ,
  steps_per_octave: STEPS_PER_OCTAVE,
  counts: Array<number>(COUNTS).fill(0),
});

export function countPitch(part: { counts: number[] }, hertz: number): void {
  part.counts[Math.min(COUNTS - 1, Math.floor(Math.log2(hertz / LOWEST_PITCH_HZ) * STEPS_PER_OCTAVE))]!++;
}

export const voicedFrames = ({ counts }: PitchPart): number => counts.reduce((sum, count) => sum + count, 0);

/** Pitch in Hz that this part of the voiced frames is below, between two steps in proportion. @param part from 0 to 1 */
export function pitchPercentile(pitch: PitchPart, part: number): number {
  const wanted = voicedFrames(pitch) * part;
  let before = 0;
  for (const [index, count] of pitch.counts.entries()) {
    if (count > 0 && before + count >= wanted) {
      return pitch.lowest_hz * 2 ** ((index + (wanted - before) / count) / pitch.steps_per_octave);
    }
    before += count;
  }
  return pitch.lowest_hz;
}
