import type { Random } from './random.js';

/** A real file to start from. */
export interface Original {
  name: string;
  bytes: Buffer;
}

/** Makes a damaged file of a real one; `other` is a second one, of any format. */
export type Mutation = (original: Buffer, random: Random, other: Buffer) => Buffer;

/** What writers never write and readers forget to expect. */
const EXTREMES = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xfffffffen];
const EXTREMES_OF_64 = [0xffffffffn, 0x7fffffffffffffffn, 0xffffffffffffffffn];
const WIDTHS = [1, 2, 4, 8] as const;
/** Every format's first header ends within it. */
const HEADER_BYTES = 512;
const MARKER_REACH_BYTES = 40;
/** Large enough for any field, small enough that thousands of files take minutes. */
const LONGEST_RANGE_BYTES = 8_192;

/** Damage that any format may meet. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  bit_flips: (original, random) => flipBits(original, random, original.length),
  header_bit_flips: (original, random) => flipBits(original, random, HEADER_BYTES),
  header_field: (original, random) => {
    const mutant = Buffer.from(original);
    for (let fields = 1 + random.below(3); fields > 0; fields--) {
      writeExtreme(mutant, random.below(Math.min(HEADER_BYTES, mutant.length)), random);
    }
    return mutant;
  },
  truncation: (original, random) =>
    original.subarray(0, random.below(random.below(3) === 0 ? HEADER_BYTES : original.length)),
  removal: (original, random) => {
    const { from, to } = range(original, random);
    return Buffer.concat([original.subarray(0, from), original.subarray(to)]);
  },
  repetition: (original, random) => {
    const { from, to } = range(original, random);
    const part = original.subarray(from, to);
    const copies = Array.from({ length: 1 + random.below(20) }, () => part);
    return Buffer.concat([original.subarray(0, to), ...copies, original.subarray(to)]);
  },
  splice: (original, random, other) => {
    const into = random.below(original.length);
    const { from, to } = range(other, random);
    const resume = Math.min(original.length, into + (random.below(2) === 0 ? 0 : to - from));
    return Buffer.concat([original.subarray(0, into), other.subarray(from, to), original.subarray(resume)]);
  },
  overwriting: (original, random) => {
    const mutant = Buffer.from(original);
    const { from, to } = range(original, random);
    const fill = random.pick([Buffer.alloc(1), Buffer.alloc(1, 0xff), random.bytes(to - from)]);
    return mutant.fill(fill.length > 0 ? fill : 0, from, to);
  },
  concatenation: (original, random, other) => {
    const first = original.subarray(
      0,
      random.below(2) === 0 ? original.length : random.below(original.length),
    );
    return Buffer.concat([first, other]);
  },
  random_after_magic: (original, random) =>
    Buffer.concat([
      original.subarray(0, random.pick([4, 8, 12, 16, 44, 64, 256, HEADER_BYTES])),
      random.bytes(1 + random.below(LONGEST_RANGE_BYTES)),
    ]),
  random_bytes: (_original, random) => random.bytes(random.below(LONGEST_RANGE_BYTES)),
};

function flipBits(original: Buffer, random: Random, withinBytes: number): Buffer {
  const mutant = Buffer.from(original);
  const end = Math.min(withinBytes, mutant.length);
  for (let flips = 1 + random.below(random.pick([2, 16, 128])); flips > 0; flips--) {
    mutant[random.below(end)]! ^= 1 << random.below(8);
  }
  return mutant;
}

function range(bytes: Buffer, random: Random): { from: number; to: number } {
  const from = random.below(bytes.length);
  return { from, to: Math.min(bytes.length, from + 1 + random.below(LONGEST_RANGE_BYTES)) };
}

function writeExtreme(mutant: Buffer, offset: number, random: Random): void {
  const width = random.pick(WIDTHS);
  const value = BigInt.asUintN(
    8 * width,
    random.pick(width === 8 ? [...EXTREMES, ...EXTREMES_OF_64] : EXTREMES),
  );
  const field = Buffer.alloc(8);
  if (random.below(2) === 0) field.writeBigUInt64LE(value);
  else field.writeBigUInt64BE(value << BigInt(64 - 8 * width));
  field.copy(mutant, offset, 0, width);
}

/**
 * Writes extremes near a format's markers.
 *
 * @param markers where it keeps lengths, counts and the like: just before or after these
 */
export function markedField(markers: readonly Buffer[]): Mutation {
  return (original, random) => {
    const mutant = Buffer.from(original);
    const marks = markers.flatMap((marker) => {
      const at = mutant.indexOf(marker, random.below(2) === 0 ? 0 : random.below(mutant.length));
      return at < 0 ? [] : [at];
    });
    for (let fields = 1 + random.below(3); fields > 0; fields--) {
      // Four bytes before it to some fields after it.
      const offset = random.pick(marks.length > 0 ? marks : [0]) - 4 + random.below(MARKER_REACH_BYTES);
      writeExtreme(mutant, Math.max(0, offset), random);
    }
    return mutant;
  };
}
