import { randomFrom } from './random.js';

/** One fault at its time. */
export interface PlannedFault<Kind extends string = string> {
  kind: Kind;
  /** Since the start of the run. */
  atSeconds: number;
  /** What the fault decides itself comes from here, so that it does not depend on what else happens. */
  seed: number;
}

export interface ScheduleOptions<Kind extends string> {
  seed: number;
  kinds: readonly Kind[];
  /** In a round of all kinds. @default once each */
  timesARound?: Partial<Record<Kind, number>>;
  /** No fault begins later. */
  forSeconds: number;
  /** On average. */
  gapSeconds: number;
}

/** A schedule of faults: rounds of all kinds in random order at random gaps. The same options give the same one. */
export function planFaults<Kind extends string>({
  seed,
  kinds,
  timesARound = {},
  forSeconds,
  gapSeconds,
}: ScheduleOptions<Kind>): PlannedFault<Kind>[] {
  const random = randomFrom(seed);
  const planned: PlannedFault<Kind>[] = [];
  const round = kinds.flatMap((kind) => Array.from({ length: timesARound[kind] ?? 1 }, () => kind));
  let left: Kind[] = [];
  for (let at = gapSeconds * random.next(); at < forSeconds && round.length > 0;) {
    if (left.length === 0) left = random.shuffled(round);
    const kind = left.pop();
    if (kind === undefined) break;
    planned.push({ kind, atSeconds: at, seed: random.between(1, 0x7fffffff) });
    at += gapSeconds * (0.5 + random.next());
  }
  return planned;
}
