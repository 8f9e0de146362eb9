import type { SampledFace } from '../../contract/video-sample.js';
import { overlap } from '../../models/faces/merge-overlapping.js';
import type { Cell } from './sample-cells.js';

/** A cell with the face that the measures of a person are of. */
export interface MainFace {
  cell: Cell;
  face: SampledFace;
  seconds: number;
}

/** A person who moves within a second still overlaps where they were; another one beside them hardly does. */
const SAME_PERSON_OVERLAP = 0.1;

/**
 * The person of the interview in each cell with a face: the face that overlaps the one before most; where none does, the largest.
 */
export function mainFaces(cells: readonly Cell[]): MainFace[] {
  const found: MainFace[] = [];
  let before: SampledFace | undefined;
  for (const cell of cells) {
    const face = follow(before, cell.sample.faces) ?? largest(cell.sample.faces);
    if (face === undefined) continue;
    found.push({ cell, face, seconds: cell.end - cell.start });
    before = face;
  }
  return found;
}

function follow(before: SampledFace | undefined, faces: readonly SampledFace[]): SampledFace | undefined {
  if (before === undefined) return undefined;
  const shared = (face: SampledFace): number => overlap(face.box, before.box);
  const best = most(faces, shared);
  return best !== undefined && shared(best) > SAME_PERSON_OVERLAP ? best : undefined;
}

function largest(faces: readonly SampledFace[]): SampledFace | undefined {
  return most(faces, ({ box }) => box.width * box.height);
}

function most(
  faces: readonly SampledFace[],
  valueOf: (face: SampledFace) => number,
): SampledFace | undefined {
  let best: SampledFace | undefined;
  for (const face of faces) if (best === undefined || valueOf(face) > valueOf(best)) best = face;
  return best;
}
