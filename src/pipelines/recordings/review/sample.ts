import { createHash } from 'node:crypto';

/** From which results of a date the random sample is drawn: those that the model took for normal, or all. */
export const RANDOM_FROM = ['normal', 'all'] as const;
export type RandomFrom = (typeof RANDOM_FROM)[number];

/**
 * A place in an order that depends on nothing but the seed, the purpose and the id: the same on every machine, and
 * independent of the score.
 */
function rank(purpose: 'choose' | 'order', seed: number, id: string): string {
  return createHash('sha256').update(`${purpose}\n${seed}\n${id}`).digest('hex');
}

/**
 * A simple random sample of ids that pass by one at a time: the `size` of the lowest rank ("bottom-k"; Cohen and Kaplan 2007,
 * "Summarizing data using bottom-k sketches"). Every subset of that size is as likely as any other over the seeds, the memory does
 * not grow with what passes by, and results that come later change the sample by no more than themselves.
 */
export function createRandomSample(seed: number, size: number): { offer(id: string): void; ids(): string[] } {
  // Ascending by rank.
  const chosen: { id: string; rank: string }[] = [];
  return {
    offer(id) {
      const own = rank('choose', seed, id);
      if (chosen.length === size && (size === 0 || own >= chosen[size - 1]!.rank)) return;
      const at = chosen.findLastIndex((other) => other.rank < own) + 1;
      chosen.splice(at, 0, { id, rank: own });
      if (chosen.length > size) chosen.pop();
    },
    ids: () => chosen.map(({ id }) => id),
  };
}

/** Recordings in the order in which they are played: both samples mixed, so that a place says nothing about a score. */
export function inPlayingOrder<T extends { id: string }>(seed: number, recordings: readonly T[]): T[] {
  const ranks = new Map(recordings.map(({ id }) => [id, rank('order', seed, id)]));
  return recordings.toSorted((one, other) => (ranks.get(one.id)! < ranks.get(other.id)! ? -1 : 1));
}
