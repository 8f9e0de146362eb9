import { FileRefused } from '../errors.js';

/** Which entry's bytes follow which. */
export interface Layout {
  /** Entries' places in the directory, by offset. */
  order: Uint32Array;
  /** By place in the directory: where the next entry's bytes, or the directory, begin. */
  ends: Float64Array;
}

/**
 * Puts entries in the order of their bytes.
 *
 * @param offsets of local headers
 * @param leastEnds where an entry ends if its local header has no name and no extra fields, and no descriptor follows
 * @throws FileRefused when two overlap, or one reaches into the directory
 */
export function layOut(offsets: Float64Array, leastEnds: Float64Array, directoryOffset: number): Layout {
  const order = Uint32Array.from({ length: offsets.length }, (_, n) => n);
  // Most writers have sorted them.
  if (offsets.some((offset, n) => n > 0 && offset < offsets[n - 1]!)) {
    order.sort((a, b) => offsets[a]! - offsets[b]! || a - b);
  }
  const ends = new Float64Array(offsets.length);
  order.forEach((n, rank) => {
    const offset = offsets[n]!;
    if (offset >= directoryOffset || leastEnds[n]! > directoryOffset) {
      throw new FileRefused(
        'out_of_bounds',
        `Entry ${n} is stated from ${offset} to ${leastEnds[n]!}, the directory at ${directoryOffset}.`,
      );
    }
    const following = order[rank + 1];
    ends[n] = following === undefined ? directoryOffset : offsets[following]!;
  });
  for (const n of order) {
    if (leastEnds[n]! > ends[n]!) {
      throw new FileRefused(
        'overlap',
        `Entry ${n} is stated from ${offsets[n]!} to ${leastEnds[n]!}, and another begins at ${ends[n]!}.`,
      );
    }
  }
  return { order, ends };
}
