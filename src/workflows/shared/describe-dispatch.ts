import type { Backlog } from '../../contract/backlog.js';
import type { DispatchStats } from '../../contract/batch-summary.js';
import type { Counts } from '../../contract/counts.js';

export interface Dispatched extends DispatchStats {
  lanes: number;
  /** As last measured; null before the first measurement. */
  backlog: Backlog | null;
}

/**
 * What dispatching is at, as items of a list in Markdown for the Web UI's "current details". A list, since the UI
 * gives a table's cells no space between them.
 *
 * @param workers what the run's worker processes are called, in the plural
 */
export function describeDispatch(
  { backlog, lanes, ...stats }: Omit<Dispatched, 'outcomes'>,
  workers: string,
): string[] {
  const { batches, batches_failed: failed, hosts_lost: lost, returned, returns, not_deleted: kept } = stats;
  const queue =
    backlog === null
      ? 'not measured yet'
      : `${grouped(backlog.visible)} waiting, ${grouped(backlog.in_flight)} in flight, ${grouped(backlog.delayed)} delayed`;
  const on = backlog === null ? '' : ` on ${backlog.inference_workers} ${workers}`;
  return [
    `- **Batches** ${grouped(batches)}, ${failed} failed, ${lost} hosts lost`,
    ...(returns === undefined ? [] : [`- **Given back** ${grouped(returned)}${describeCauses(returns)}`]),
    ...(kept === undefined ? [] : [`- **Not deleted in time** ${grouped(kept)}: SQS delivers them again`]),
    `- **Lanes** ${lanes} under way${on}`,
    `- **Queue** ${queue}`,
  ];
}

/** `: 3 NotFound, 1 Truncated`, the most frequent first; empty where there is none. */
export function describeCauses(counts: Counts = {}): string {
  const causes = Object.entries(counts).sort(([, m], [, n]) => n - m);
  return causes.length === 0 ? '' : `: ${causes.map(([cause, count]) => `${count} ${cause}`).join(', ')}`;
}

/** `9,000`; without Intl, whose data could differ between the workers of one run. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
