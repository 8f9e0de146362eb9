/** Frames on each side of the one whose slope is taken: a width of 9. */
const REACH = 4;
/** Sum of the squares of -4…4: the least-squares slope's denominator. */
const SQUARES = 60;

/**
 * Slope over time of each row of `values` (row by row, `frames` each): a Savitzky–Golay filter of width 9 and order 1.
 *
 * The first and last four frames take the line fitted to the first and last nine (scipy's `interp`); clips of fewer
 * than nine frames repeat their edge frames instead (`nearest`).
 */
export function deltas(values: Float32Array, frames: number): Float32Array {
  const slopes = new Float32Array(values.length);
  const interpolates = frames > 2 * REACH;
  for (let row = 0; row < values.length; row += frames) {
    for (let frame = row + REACH; frame < row + frames - REACH; frame++) {
      slopes[frame] =
        (values[frame + 1]! -
          values[frame - 1]! +
          2 * (values[frame + 2]! - values[frame - 2]!) +
          3 * (values[frame + 3]! - values[frame - 3]!) +
          4 * (values[frame + 4]! - values[frame - 4]!)) /
        SQUARES;
    }
    for (let frame = 0; frame < frames; frame++) {
      // The frames between have all their neighbours.
      if (frame === REACH && interpolates) frame = frames - REACH;
      const centre = interpolates ? clamp(frame, REACH, frames - 1 - REACH) : frame;
      let sum = 0;
      for (let k = 1; k <= REACH; k++) {
        const after = values[row + clamp(centre + k, 0, frames - 1)]!;
        const before = values[row + clamp(centre - k, 0, frames - 1)]!;
        sum += k * (after - before);
      }
      slopes[row + frame] = sum / SQUARES;
    }
  }
  return slopes;
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
