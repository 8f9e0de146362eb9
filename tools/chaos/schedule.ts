import type { FaultKind } from './faults/index.js';
import { randomFrom } from './random.js';

/** One fault at its time. */
export interface PlannedFault {
  kind: FaultKind;
  /** Since the start of the run. */
  atSeconds: number;
  /** What the fault decides itself comes from here, so that it does not depend on what else happens. */
  seed: number;
}

export interface ScheduleOptions {
  seed: number;
  kinds: readonly FaultKind[];
  /** No fault begins later. */
  forSeconds: number;
  /** On average. */
  gapSeconds: number;
}

/** The workers are the part that is ours, so about half of all faults kill one of them or a part of it. */
const TIMES_A_ROUND: Partial<Record<FaultKind, number>> = {
  ...{ kill_at_point: 10, kill_worker: 8, kill_pool_child: 4 },
};

/** A schedule of faults: rounds of all kinds in random order at random gaps. The same options give the same one. */
export function planFaults({ seed, kinds, forSeconds, gapSeconds }: ScheduleOptions): PlannedFault[] {
  const random = randomFrom(seed);
  const planned: PlannedFault[] = [];
  const round = kinds.flatMap((kind) => Array.from({ length: TIMES_A_ROUND[kind] ?? 1 }, () => kind));
  let left: FaultKind[] = [];
  for (let at = gapSeconds * random.next(); at < forSeconds && round.length > 0;) {
    if (left.length === 0) left = random.shuffled(round);
    const kind = left.pop();
    if (kind === undefined) break;
    planned.push({ kind, atSeconds: at, seed: random.between(1, 0x7fffffff) });
    at += gapSeconds * (0.5 + random.next());
  }
  return planned;
}
