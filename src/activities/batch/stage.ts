import { Context } from '@temporalio/activity';
import type { Logger } from '../../platform/logging/logger.js';
import type { BatchIdentity, StageReport } from '../activity-types.js';
import { undecided, type Batch } from './batch.js';
import { batchGone, type BatchStore } from './batch-store.js';

/** What a stage works with. */
export interface StageScope {
  batch: Batch;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Runs one stage of a batch under its lease; every stage skips what an earlier attempt has done.
 *
 * @throws ApplicationFailure of type `BatchGone` when this process does not hold the batch, or no longer
 */
export async function runStage(
  store: BatchStore,
  log: Logger,
  { batch_id }: BatchIdentity,
  stage: (scope: StageScope) => Promise<void>,
): Promise<StageReport> {
  const batch = store.get(batch_id);
  if (!batch.lease.enter()) throw batchGone(batch_id);
  try {
    await stage({
      batch,
      log: log.child({ workflow_id: batch.workflowId, batch_id }),
      signal: Context.current().cancellationSignal,
    });
    return { remaining: undecided(batch).length };
  } catch (error) {
    // Given back while it was worked on (a drain's last word): the workflow need not look for this process again.
    if (!store.has(batch_id)) throw batchGone(batch_id);
    throw error;
  } finally {
    batch.lease.leave();
  }
}
