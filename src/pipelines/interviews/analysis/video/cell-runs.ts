import type { TimeSpan } from '../../contract/audio-part.js';
import type { Coverage } from '../../contract/audio-measures.js';
import type { Cell } from './sample-cells.js';
import { rounded } from './weighted.js';

/**
 * Cells that follow each other without a gap and of which the same is to be said, as one span.
 *
 * @param valueOf undefined where nothing is to be said
 */
export function runsOf<Value extends string | number>(
  cells: readonly Cell[],
  valueOf: (cell: Cell, index: number) => Value | undefined,
): (TimeSpan & { value: Value })[] {
  const runs: (TimeSpan & { value: Value })[] = [];
  cells.forEach((cell, index) => {
    const value = valueOf(cell, index);
    if (value === undefined) return;
    const last = runs.at(-1);
    if (last !== undefined && last.value === value && last.end === cell.start) last.end = cell.end;
    else runs.push({ start: cell.start, end: cell.end, value });
  });
  return runs.map(({ start, end, value }) => ({ ...spanOf({ start, end }), value }));
}

/** To the millisecond. */
export function spanOf({ start, end }: TimeSpan): TimeSpan {
  return { start: rounded(start, 3), end: rounded(end, 3) };
}

export function secondsOf(cells: readonly TimeSpan[]): number {
  return cells.reduce((sum, { start, end }) => sum + (end - start), 0);
}

/** @param whole seconds that could have been measured */
export function coverageOf(seconds: number, whole: number): Coverage {
  return {
    seconds: rounded(seconds, 3),
    ratio: whole > 0 ? rounded(Math.min(1, seconds / whole), 4) : 0,
  };
}
