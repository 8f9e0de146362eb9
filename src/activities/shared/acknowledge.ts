import type { OutcomeCounts, OutcomeRules } from '../../contract/outcome.js';
import { DependencyUnavailable } from '../../platform/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import { retryDelaySeconds, type RetryDelayOptions } from '../../queue/retry-delay.js';
import type { AcknowledgeReport, HostActivities } from './activity-types.js';
import { countFailures, countOutcomes, countReturns, type Batch } from './batch.js';
import type { BatchStore } from './batch-store.js';
import { errorNameOf, outcomeOf, type Delivery } from './delivery.js';
import { runStage } from './stage.js';

export interface AcknowledgeDependencies<
  Item extends Delivery<unknown, Outcome>,
  Outcome extends string = string,
> {
  store: BatchStore<Item>;
  /** What each outcome of the pipeline does to its message. */
  rules: OutcomeRules<Outcome>;
  retryDelay: RetryDelayOptions;
  /** Counts a batch whose outcomes are settled, for metrics and the throughput event. */
  onSettled: (batch: Batch<Item>, outcomes: OutcomeCounts<Outcome>) => void;
  log: Logger;
}

/** The last stage: deletes what is settled, delays what failed, and lets go of the batch. */
export function createAcknowledgeActivities<
  Item extends Delivery<unknown, Outcome>,
  Outcome extends string = string,
>(deps: AcknowledgeDependencies<Item, Outcome>): HostActivities<Outcome> {
  const { store } = deps;
  type Report = AcknowledgeReport<Outcome>;

  async function settleAndClose(batch: Batch<Item>): Promise<Report> {
    let report: Report | undefined;
    await runStage(store, deps.log, { batch_id: batch.batchId }, async ({ log }) => {
      report = await settleMessages(batch, deps, log);
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
      // Reports come from here alone, so they are of this pipeline's outcomes.
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
async function settleMessages<Item extends Delivery<unknown, Outcome>, Outcome extends string>(
  batch: Batch<Item>,
  { rules, retryDelay }: AcknowledgeDependencies<Item, Outcome>,
  log: Logger,
): Promise<AcknowledgeReport<Outcome>> {
  const open = batch.items.filter((item) => item.acknowledged === undefined);
  const toDelete = open.filter((item) => isToBeDeleted(item, rules));
  // What goes back without an outcome is tried again later, like what failed; so is a delivery that no stage
  // decided on, which no known path leads to.
  const toDelay = open.filter((item) => !isToBeDeleted(item, rules));

  const deleted = await batch.lease.acknowledge(toDelete.map((item) => item.messageId));
  const delayed = await batch.lease.release(
    toDelay.map((item) => ({
      messageId: item.messageId,
      delaySeconds: retryDelaySeconds(item.receiveCount, retryDelay),
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
  log.info('processed_items_acked', {
    deleted: toDelete.filter((item) => item.acknowledged === 'taken').length,
    delayed: toDelay.filter((item) => item.acknowledged === 'taken').length,
    // These are redelivered, though they are done.
    not_deleted: toDelete.filter((item) => item.acknowledged === 'not_taken').length,
    ...(waiting > 0 && { waiting }),
  });
  if (waiting > 0) {
    throw new DependencyUnavailable(
      `SQS did not take ${waiting} of ${open.length} messages of this batch; they are tried again while their receipts are good.`,
    );
  }
  return report(batch, rules, log);
}

function isToBeDeleted<Outcome extends string>(
  item: Delivery<unknown, Outcome>,
  rules: OutcomeRules<Outcome>,
): boolean {
  const outcome = outcomeOf(item);
  return outcome !== undefined && rules[outcome].message === 'delete';
}

function report<Item extends Delivery<unknown, Outcome>, Outcome extends string>(
  batch: Batch<Item>,
  rules: OutcomeRules<Outcome>,
  log: Logger,
): AcknowledgeReport<Outcome> {
  for (const item of batch.items) item.trace?.end(outcomeOf(item) ?? 'returned', errorNameOf(item));
  const outcomes = countOutcomes<Outcome>(batch, rules);
  const decided = Object.values<number>(outcomes).reduce((sum, count) => sum + count, 0);
  const notDeleted = batch.items.filter(
    (item) => isToBeDeleted(item, rules) && item.acknowledged === 'not_taken',
  ).length;
  log.info('batch_processed', { ...outcomes, milliseconds: Date.now() - batch.startedAtMs });
  const returns = countReturns(batch);
  return {
    outcomes,
    failures: countFailures(batch, rules),
    returned: batch.items.length + batch.malformed - decided,
    ...(Object.keys(returns).length > 0 && { returns }),
    ...(notDeleted > 0 && { not_deleted: notDeleted }),
  };
}
