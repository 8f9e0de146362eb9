import { createHash } from 'node:crypto';

/** Numbers that depend on nothing but their seed, so that a finding can be made again. */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Buffer;
}

/** The generator of one file of one run: mulberry32, whose state is hashed from both numbers. */
export function randomOf(seed: number, index: number): Random {
  let state = createHash('sha256').update(`${seed}:${index}`).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (end: number): number => Math.floor((next() / 2 ** 32) * end);
  return {
    below,
    pick: (from) => from[below(from.length)]!,
    bytes: (length) => Buffer.from(Uint8Array.from({ length }, () => next() & 255)),
  };
}
