import type { LevelCounts } from '../../contract/audio-part.js';

const LOWEST_DB = -100;
const STEP_DB = 0.5;
/** The last count is of all above +6 dB. */
const COUNTS = (6 - LOWEST_DB) / STEP_DB + 1;

export const newLevelCounts = (): LevelCounts & { counts: number[] } => ({
  lowest_db: LOWEST_DB,
  step_db: STEP_DB,
  counts: Array<number>(COUNTS).fill(0),
});

export function countLevel({ counts }: { counts: number[] }, db: number): void {
  const index = Math.floor((db - LOWEST_DB) / STEP_DB);
  counts[Math.min(counts.length - 1, Math.max(0, index))]!++;
}

/** Mean energy in dB of full scale; null where there are no frames, or all of them are below the lowest level. */
export function meanLevel({ lowest_db, step_db, counts }: LevelCounts): number | null {
  let [frames, energy] = [0, 0];
  for (const [index, count] of counts.entries()) {
    frames += count;
    // What is below the lowest level adds nothing.
    if (index > 0) energy += count * 10 ** ((lowest_db + (index + 0.5) * step_db) / 10);
  }
  return decibelsOf(energy / Math.max(1, frames));
}

/** Level in dB that half of the frames are below; null where that is below the lowest one. */
export function medianLevel({ lowest_db, step_db, counts }: LevelCounts): number | null {
  const frames = counts.reduce((sum, count) => sum + count, 0);
  let before = 0;
  for (const [index, count] of counts.entries()) {
    if (count > 0 && before + count >= frames / 2) {
      return index === 0 ? null : lowest_db + (index + (frames / 2 - before) / count) * step_db;
    }
    before += count;
  }
  return null;
}

/** Of a mean square, full scale being 1; null where there is none. */
export const decibelsOf = (meanSquare: number): number | null =>
  meanSquare > 0 ? 10 * Math.log10(meanSquare) : null;
