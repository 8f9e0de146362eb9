import type { Engine, TimeSpan } from '../../contract/audio-part.js';
import type { EyeMeasures, HeadMeasures, TurnDirection } from '../../contract/video-measures.js';
import { coverageOf, runsOf } from './cell-runs.js';
import type { MainFace } from './main-face.js';
import type { Cell } from './sample-cells.js';
import { medianOf, ratioOf, rounded, spreadOf } from './weighted.js';

/**
 * Degrees from the own median from which a head counts as turned. A sitting person's head moves by two or three, and nods while it
 * speaks; the fit of a network's landmarks gives about half of a turn that is drawn on a cylinder.
 */
const TURNED = { across: 8, down: 12 } as const;
/** As offsets of the irises, halves of the eye's width: an iris' radius is about 0.4, and the network's noise 0.02. */
const OFF = { across: 0.15, down: 0.2 } as const;

/** @param mains of the whole medium: the own median is of all of it */
export function reduceHead(mains: readonly MainFace[], engine: Engine): HeadMeasures {
  const own = median(mains, ({ face }) => face.pose && { across: face.pose.yaw, down: face.pose.pitch });
  const roll = medianOf(
    mains.flatMap(({ face, seconds }) => (face.pose ? [{ value: face.pose.roll, seconds }] : [])),
  );
  const { coverage, away, ratio, across, down } = lookAway(own, TURNED, 2);
  return {
    engine,
    coverage,
    own_median:
      own.median && roll !== undefined
        ? { yaw: rounded(own.median.across, 2), pitch: rounded(own.median.down, 2), roll: rounded(roll, 2) }
        : null,
    yaw: across,
    pitch: down,
    turned_ratio: ratio,
    turns: away,
  };
}

/** @param mains of the whole medium */
export function reduceEyes(mains: readonly MainFace[], engine: Engine): EyeMeasures {
  const own = median(mains, ({ face }) => face.eyes && { across: face.eyes.x, down: face.eyes.y });
  const { coverage, away, ratio, across, down } = lookAway(own, OFF, 4);
  return {
    engine,
    coverage,
    own_median: own.median && { x: rounded(own.median.across, 4), y: rounded(own.median.down, 4) },
    x: across,
    y: down,
    off_ratio: ratio,
    off: away,
  };
}

/** To the person's left, and up; in whatever unit. */
interface Direction {
  across: number;
  down: number;
}

interface Looks {
  mains: readonly MainFace[];
  looks: readonly (Direction & { cell: Cell; seconds: number })[];
  median: Direction | null;
}

function median(mains: readonly MainFace[], look: (main: MainFace) => Direction | undefined): Looks {
  const looks = mains.flatMap((main) => {
    const direction = look(main);
    return direction === undefined ? [] : [{ ...direction, cell: main.cell, seconds: main.seconds }];
  });
  const across = medianOf(looks.map((each) => ({ value: each.across, seconds: each.seconds })));
  const down = medianOf(looks.map((each) => ({ value: each.down, seconds: each.seconds })));
  return { mains, looks, median: across === undefined || down === undefined ? null : { across, down } };
}

function lookAway(
  { mains, looks, median: own }: Looks,
  limits: Direction,
  digits: number,
): {
  coverage: HeadMeasures['coverage'];
  across: HeadMeasures['yaw'];
  down: HeadMeasures['pitch'];
  ratio: number | null;
  away: (TimeSpan & { direction: TurnDirection })[];
} {
  const seconds = (of: readonly { seconds: number }[]): number =>
    of.reduce((sum, each) => sum + each.seconds, 0);
  const offsets = looks.map((look) => ({
    ...look,
    across: look.across - (own?.across ?? 0),
    down: look.down - (own?.down ?? 0),
  }));
  const directions = new Map(offsets.map((offset) => [offset.cell, directionOf(offset, limits)]));
  const runs = runsOf(
    mains.map(({ cell }) => cell),
    (cell) => directions.get(cell),
  );
  return {
    coverage: coverageOf(seconds(looks), seconds(mains)),
    across: spreadOf(
      offsets.map((offset) => ({ value: offset.across, seconds: offset.seconds })),
      digits,
    ),
    down: spreadOf(
      offsets.map((offset) => ({ value: offset.down, seconds: offset.seconds })),
      digits,
    ),
    ratio: ratioOf(seconds(looks.filter(({ cell }) => directions.get(cell) !== undefined)), seconds(looks)),
    away: runs.map(({ start, end, value }) => ({ start, end, direction: value })),
  };
}

/** The one that is further beyond its limit; undefined within both. */
function directionOf({ across, down }: Direction, limits: Direction): TurnDirection | undefined {
  const [sideways, upwards] = [Math.abs(across) / limits.across, Math.abs(down) / limits.down];
  if (Math.max(sideways, upwards) < 1) return undefined;
  if (sideways >= upwards) return across > 0 ? 'left' : 'right';
  return down > 0 ? 'up' : 'down';
}
