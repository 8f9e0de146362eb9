import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { BaseLogEvent } from '../../platform/logging/log-event.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { BatchIdentity, StageReport } from './activity-types.js';
import { isUndecided, type Batch } from './batch.js';
import { batchGone, type BatchStore } from './batch-store.js';
import type { Delivery } from './delivery.js';

/** What a stage works with. */
export interface StageScope<Item extends Delivery, Event extends string = BaseLogEvent> {
  batch: Batch<Item>;
  log: Logger<Event>;
  /**
   * Aborts when Temporal cancels the attempt, or a later attempt at the batch begins: nothing may be decided about its
   * items after that, so look at it after every wait.
   */
  signal: AbortSignal;
}

/**
 * Runs one stage of a batch under its lease; every stage skips what an earlier attempt has done.
 *
 * An attempt that Temporal takes for dead (its heartbeats came late) may live on in this process alongside the next
 * one. The newest is the one that counts; it aborts the others.
 *
 * @param isOpen whether the next stage has to look at a delivery
 * @throws ApplicationFailure of type `BatchGone` when this process does not hold the batch, or no longer
 */
export async function runStage<Item extends Delivery, Event extends string>(
  store: BatchStore<Item>,
  log: Logger<Event>,
  { batch_id }: BatchIdentity,
  stage: (scope: StageScope<Item, Event>) => Promise<void>,
  isOpen: (item: Item) => boolean = isUndecided,
): Promise<StageReport> {
  const batch = store.get(batch_id);
  if (!batch.lease.enter()) throw batchGone(batch_id);
  const attempt = beginAttempt(batch);
  const signal = AbortSignal.any([Context.current().cancellationSignal, attempt.signal]);
  // A batch's items all listen to the one signal; Node would take eleven of them for a leak.
  setMaxListeners(0, signal);
  try {
    await stage({ batch, log: log.child({ workflow_id: batch.workflowId, batch_id }), signal });
    return { remaining: batch.items.filter(isOpen).length };
  } catch (error) {
    // Given back while it was worked on (a drain's last word): the workflow need not look for this process again.
    if (!store.holds(batch)) throw batchGone(batch_id);
    throw error;
  } finally {
    if (batch.attempt === attempt) delete batch.attempt;
    batch.lease.leave();
  }
}

function beginAttempt(batch: Batch): AbortController {
  batch.attempt?.abort(new CancelledFailure('A later attempt at this batch has begun'));
  batch.attempt = new AbortController();
  return batch.attempt;
}
