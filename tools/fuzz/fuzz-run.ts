import { mutantOf, type FuzzedKind, type Mutant } from './mutant.js';
import type { Original } from './mutations.js';

/** What a run over damaged files is asked for, whatever kind they are of. */
export interface FuzzOptions {
  originals: readonly Original[];
  seed: number;
  /** Damaged files at the most. */
  files: number;
  /** No further file is started after it. */
  deadlineMs?: number;
  /** Where files worth looking at again are kept. */
  findingsFolder: string;
  onProgress?: (done: number) => void;
}

/**
 * Makes the damaged files of a run one after another and has each tried, until there are enough or the deadline has passed.
 *
 * @param lanes files that are tried at a time
 * @param started by `performance.now()`, what the deadline counts from
 */
export async function tryMutants(
  kind: FuzzedKind,
  { originals, seed, files, deadlineMs = Infinity }: FuzzOptions,
  { lanes, started }: { lanes: number; started: number },
  tryOne: (mutant: Mutant) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < files && performance.now() - started < deadlineMs) {
      await tryOne(mutantOf(kind, originals, seed, next++));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
