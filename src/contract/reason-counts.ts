/** How many, by the reason for which they were left out: `{"subject_id_missing": 3}`. */
export type ReasonCounts = Record<string, number>;

/** A run's totals cross each continue-as-new and stand in every status: no more kinds than a person reads. */
const MOST_REASONS = 40;
/** What is beyond {@link MOST_REASONS} is counted together. */
const OTHER_REASON = 'other';

/** Both together. */
export function addReasons(counts: Readonly<ReasonCounts>, more: Readonly<ReasonCounts> = {}): ReasonCounts {
  const sum: ReasonCounts = { ...counts };
  for (const [reason, count] of Object.entries(more)) {
    const known = reason in sum || Object.keys(sum).length < MOST_REASONS;
    const name = known ? reason : OTHER_REASON;
    sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

export function countReasons(found: readonly { reason: string }[]): ReasonCounts {
  return found.reduce<ReasonCounts>((counts, { reason }) => addReasons(counts, { [reason]: 1 }), {});
}

/** All reasons together. */
export function totalOf(counts: Readonly<ReasonCounts> = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The most frequent first. */
export function byFrequency(counts: Readonly<ReasonCounts> = {}): [reason: string, count: number][] {
  return Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
