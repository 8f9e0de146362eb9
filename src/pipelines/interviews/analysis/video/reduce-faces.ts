import type { Engine } from '../../contract/audio-part.js';
import type { FaceMeasures, PositionMeasures } from '../../contract/video-measures.js';
import { coverageOf, runsOf, secondsOf } from './cell-runs.js';
import type { MainFace } from './main-face.js';
import type { Cell } from './sample-cells.js';
import { ratioOf, rounded, spreadOf, type Weighted } from './weighted.js';

/** @param duration of the picture, in seconds */
export function reduceFaces(cells: readonly Cell[], duration: number, engine: Engine): FaceMeasures {
  const measured = secondsOf(cells);
  const counted = [...new Set(cells.map(countOf))].sort((one, other) => one - other);
  const secondsWith = (holds: (count: number) => boolean): number =>
    secondsOf(cells.filter((cell) => holds(countOf(cell))));
  const spans = (holds: (count: number) => boolean): FaceMeasures['absent'] =>
    runsOf(cells, (cell) => (holds(countOf(cell)) ? 'holds' : undefined)).map(({ start, end }) => ({
      start,
      end,
    }));
  return {
    engine,
    coverage: coverageOf(measured, duration),
    face_present_ratio: ratioOf(
      secondsWith((count) => count > 0),
      measured,
    ),
    multiple_faces_ratio: ratioOf(
      secondsWith((count) => count > 1),
      measured,
    ),
    seconds_by_count: counted.map((faces) => ({
      faces,
      seconds: rounded(
        secondsWith((count) => count === faces),
        3,
      ),
    })),
    counts: runsOf(cells, countOf).map(({ start, end, value }) => ({ start, end, faces: value })),
    absent: spans((count) => count === 0),
    multiple: spans((count) => count > 1),
  };
}

/** @param measured seconds that were looked at */
export function reducePosition(
  mains: readonly MainFace[],
  measured: number,
  engine: Engine,
): PositionMeasures {
  const seconds = mains.reduce((sum, main) => sum + main.seconds, 0);
  const values = (valueOf: (box: MainFace['face']['box']) => number): Weighted[] =>
    mains.map(({ face, seconds: share }) => ({ value: valueOf(face.box), seconds: share }));
  const cutOff = mains.filter(({ face: { box } }) => {
    return box.x < 0 || box.y < 0 || box.x + box.width > 1 || box.y + box.height > 1;
  });
  return {
    engine,
    coverage: coverageOf(seconds, measured),
    x: spreadOf(
      values(({ x, width }) => x + width / 2),
      4,
    ),
    y: spreadOf(
      values(({ y, height }) => y + height / 2),
      4,
    ),
    size: spreadOf(
      values(({ height }) => height),
      4,
    ),
    cut_off_ratio: ratioOf(
      cutOff.reduce((sum, main) => sum + main.seconds, 0),
      seconds,
    ),
  };
}

function countOf({ sample }: Cell): number {
  return sample.faces.length;
}
