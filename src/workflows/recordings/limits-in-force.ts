import type { LimitChanges } from '../../pipelines/recordings/contract/limits.js';
import type { CarriedRun } from './discovery-run.js';
import type { RunControls } from '../shared/run-controls.js';

/** How far the two loops are. */
export interface Progress {
  lanes: number;
  /** Nothing is left to read, or may be: the dispatch ends with the queue, unless a limit is lifted before. */
  discovered: boolean;
  /** The last batch has ended, and with it what limits could still change. */
  dispatched: boolean;
}

/**
 * Limits that are lifted after they were reached, and poll intervals that change during a sleep, act at once. Runs to
 * which that happened before this change ignored it, as their histories say. The name is in histories:
 * docs/changing-workflows.md tells when it may go.
 */
export const LIMITS_ACT_AT_ONCE = 'limits-act-at-once';

/** @returns why a change would be accepted for nothing; undefined when it has an effect, now or later */
export function describeNoEffect(
  changes: LimitChanges,
  run: CarriedRun | undefined,
  { draining }: RunControls,
  { dispatched }: Progress,
): string | undefined {
  if (draining) return 'This run drains: it starts nothing more, so its limits have no effect any more';
  if (dispatched) return 'This run is ending: its limits have no effect any more; start it again';
  if (run !== undefined && run.plan.mode !== 'incremental' && changes.poll_interval_seconds !== undefined) {
    return `poll_interval_seconds has no effect on a ${run.plan.mode} run, which never waits for new rows`;
  }
  return undefined;
}
