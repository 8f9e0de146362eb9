import { OUTCOME_RULES, OUTCOMES, type Outcome } from '../../pipelines/recordings/contract/outcome.js';
import { DependencyUnavailable } from '../../platform/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import { retryDelaySeconds, type RetryDelayOptions } from '../../queue/retry-delay.js';
import type { AcknowledgeReport, HostActivities } from './activity-types.js';
import {
  countFailures,
  countOutcomes,
  countReturns,
  errorTypeOf,
  type Batch,
  type BatchItem,
} from './batch.js';
import type { BatchStore } from './batch-store.js';
import { runStage } from './stage.js';

export interface AcknowledgeDependencies {
  store: BatchStore;
  retryDelay: RetryDelayOptions;
  /** Counts a batch whose outcomes are settled, for metrics and the throughput event. */
  onSettled: (batch: Batch, outcomes: AcknowledgeReport['outcomes']) => void;
  log: Logger;
}

/** The last stage: deletes what is settled, delays what failed, and lets go of the batch. */
export function createAcknowledgeActivities(
  deps: AcknowledgeDependencies,
): Pick<HostActivities, 'acknowledge' | 'releaseBatch'> {
  const { store } = deps;

  async function settleAndClose(batch: Batch): Promise<AcknowledgeReport> {
    let report: AcknowledgeReport | undefined;
    await runStage(store, deps.log, { batch_id: batch.batchId }, async ({ log }) => {
      report = await settle(batch, deps, log);
    });
    if (report === undefined) throw new Error('unreachable: the stage above always reports');
    deps.onSettled(batch, report.outcomes);
    await store.closeThis(batch, report);
    return report;
  }

  return {
    async acknowledge(identity) {
      // The server did not hear that an earlier attempt had finished: the answer is the same.
      const settled = store.closedReport(identity.batch_id);
      if (settled !== undefined) return settled;

      const batch = store.get(identity.batch_id);
      batch.settling ??= settleAndClose(batch).finally(() => delete batch.settling);
      return batch.settling;
    },

    async releaseBatch({ batch_id }) {
      await store.giveBack(batch_id);
    },
  };
}

/**
 * Settles what no earlier attempt has settled.
 *
 * @throws DependencyUnavailable while the queue has not taken messages whose receipts are still good: another attempt
 *   may reach it, and until then the lease keeps them from others
 */
async function settle(batch: Batch, deps: AcknowledgeDependencies, log: Logger): Promise<AcknowledgeReport> {
  const open = batch.items.filter((item) => item.acknowledged === undefined);
  const toDelete = open.filter(isToBeDeleted);
  // A document that the store refused is tried again later, like a failed recording; so is an item that no stage
  // decided on, which no known path leads to.
  const toDelay = open.filter((item) => !isToBeDeleted(item));

  const deleted = await batch.lease.acknowledge(toDelete.map((item) => item.messageId));
  const delayed = await batch.lease.release(
    toDelay.map((item) => ({
      messageId: item.messageId,
      delaySeconds: retryDelaySeconds(item.receiveCount, deps.retryDelay),
    })),
  );
  const refused = new Set([...deleted.lost, ...deleted.failed, ...delayed.lost, ...delayed.failed]);
  const failed = new Set([...deleted.failed, ...delayed.failed]);
  for (const item of open) {
    if (!refused.has(item.messageId)) item.acknowledged = 'taken';
    else if (!failed.has(item.messageId) || !batch.lease.isLive(item.messageId)) {
      item.acknowledged = 'not_taken';
    }
  }
  const waiting = open.filter((item) => item.acknowledged === undefined).length;
  const notDeleted = toDelete.filter((item) => item.acknowledged === 'not_taken').length;
  log.info('processed_items_acked', {
    deleted: toDelete.filter((item) => item.acknowledged === 'taken').length,
    delayed: toDelay.filter((item) => item.acknowledged === 'taken').length,
    // These come again, and end as skipped_existing.
    not_deleted: notDeleted,
    ...(waiting > 0 && { waiting }),
  });
  if (waiting > 0) {
    throw new DependencyUnavailable(
      `SQS did not take ${waiting} of ${open.length} messages of this batch; they are tried again while their receipts are good.`,
    );
  }
  return report(batch, log);
}

function isToBeDeleted(item: BatchItem): boolean {
  return (
    item.returned !== true && item.outcome !== undefined && OUTCOME_RULES[item.outcome].message === 'delete'
  );
}

function report(batch: Batch, log: Logger): AcknowledgeReport {
  for (const item of batch.items) {
    const outcome = item.returned === true ? undefined : item.outcome;
    item.trace?.end(outcome ?? 'returned', outcome === undefined ? undefined : errorTypeOf(item));
  }
  const outcomes = countOutcomes(batch);
  const decided = OUTCOMES.reduce((sum, outcome: Outcome) => sum + outcomes[outcome], 0);
  const notDeleted = batch.items.filter(
    (item) => isToBeDeleted(item) && item.acknowledged === 'not_taken',
  ).length;
  log.info('batch_processed', { ...outcomes, milliseconds: Date.now() - batch.startedAtMs });
  const returns = countReturns(batch);
  return {
    outcomes,
    failures: countFailures(batch),
    returned: batch.items.length + batch.malformed - decided,
    ...(Object.keys(returns).length > 0 && { returns }),
    ...(notDeleted > 0 && { not_deleted: notDeleted }),
  };
}
