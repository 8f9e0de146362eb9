import type { Mutation, Original } from './mutations.js';
import { randomOf } from './random.js';

/** One damaged file, and how it was made. */
export interface Mutant {
  index: number;
  /** Names the file, the mutations and their number in the run. */
  label: string;
  bytes: Buffer;
}

/** What is known of the files that are damaged. */
export interface FuzzedKind {
  mutations: Readonly<Record<string, Mutation>>;
  /** Makes checksums right again, of every other file, so that what is behind them is tried as well. */
  repair: (bytes: Buffer) => Buffer;
}

/** Damage upon damage reaches states that a single one does not. */
const MOST_MUTATIONS = 3;

/** The file number `index` of the run with this seed; the same two numbers and originals give the same bytes. */
export function mutantOf(
  kind: FuzzedKind,
  originals: readonly Original[],
  seed: number,
  index: number,
): Mutant {
  const random = randomOf(seed, index);
  const original = random.pick(originals);
  let bytes = original.bytes;
  const applied: string[] = [];
  for (let left = 1 + random.below(MOST_MUTATIONS); left > 0 && bytes.length > 0; left--) {
    const name = random.pick(Object.keys(kind.mutations));
    bytes = kind.mutations[name]!(bytes, random, random.pick(originals).bytes);
    applied.push(name);
  }
  if (random.below(2) === 0) bytes = kind.repair(bytes);
  return { index, label: `#${index} ${original.name} ${applied.join('+')}`, bytes };
}
