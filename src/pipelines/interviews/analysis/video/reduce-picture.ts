import type { TimeSpan } from '../../contract/audio-part.js';
import type { PictureMeasures } from '../../contract/video-measures.js';
import { coverageOf, secondsOf, spanOf } from './cell-runs.js';
import { signatureDistance } from './picture-signature.js';
import type { Cell } from './sample-cells.js';
import { PICTURE_RULES } from './video-engines.js';
import { ratioOf, spreadOf } from './weighted.js';

/** Mean luma, gamma-coded: at it a face is a silhouette. */
const DARK = 0.15;
/** Of luma from 0 to 1: what a coder changes in a picture that stays the same, and less than breathing does. */
const SAME_PICTURE = 0.5 / 255;
/** A person may sit still from one sample to the next. */
const FROZEN_LEAST_SECONDS = 3;

export function reducePicture(cells: readonly Cell[], duration: number): PictureMeasures {
  const measured = secondsOf(cells);
  const frozen = frozenSpans(cells);
  return {
    engine: PICTURE_RULES,
    coverage: coverageOf(measured, duration),
    brightness: spreadOf(
      cells.map((cell) => ({ value: cell.sample.brightness, seconds: cell.end - cell.start })),
      4,
    ),
    sharpness: spreadOf(
      cells.map((cell) => ({ value: cell.sample.sharpness, seconds: cell.end - cell.start })),
      1,
    ),
    dark_ratio: ratioOf(secondsOf(cells.filter(({ sample }) => sample.brightness < DARK)), measured),
    frozen_ratio: ratioOf(secondsOf(frozen), measured),
    frozen: frozen.map(spanOf),
  };
}

function frozenSpans(cells: readonly Cell[]): TimeSpan[] {
  const spans: TimeSpan[] = [];
  let start = 0;
  for (let index = 1; index <= cells.length; index++) {
    if (index < cells.length && isSame(cells, index)) continue;
    const span = { start: cells[start]!.start, end: cells[index - 1]!.end };
    if (index - 1 > start && span.end - span.start >= FROZEN_LEAST_SECONDS) spans.push(span);
    start = index;
  }
  return spans;
}

/** Whether a cell shows the picture of the cell before. */
function isSame(cells: readonly Cell[], index: number): boolean {
  const [before, cell] = [cells[index - 1]!, cells[index]!];
  if (before.end !== cell.start) return false;
  if (cell.held === 'lasting frame') return true;
  // What was not looked at stayed the same only if the next sample says so.
  let next: Cell | undefined = cell;
  for (let later = index; next?.held === 'not looked at';) next = cells[++later];
  if (next === undefined) return false;
  return signatureDistance(before.sample.signature, next.sample.signature) < SAME_PICTURE;
}
