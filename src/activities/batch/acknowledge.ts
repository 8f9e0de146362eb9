import { OUTCOME_RULES, OUTCOMES, type Outcome } from '../../contract/outcome.js';
import type { Logger } from '../../platform/logging/logger.js';
import { retryDelaySeconds, type RetryDelayOptions } from '../../queue/retry-delay.js';
import type { AcknowledgeReport, HostActivities } from '../activity-types.js';
import { countFailures, countOutcomes, errorTypeOf, type Batch, type BatchItem } from './batch.js';
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
  return {
    async acknowledge(identity) {
      // The server did not hear that an earlier attempt had finished: the answer is the same.
      const settled = store.closedReport(identity.batch_id);
      if (settled !== undefined) return settled;

      const batch = store.get(identity.batch_id);
      let report: AcknowledgeReport | undefined;
      await runStage(store, deps.log, identity, async ({ log }) => {
        report = await settle(batch, deps, log);
      });
      if (report === undefined) throw new Error('unreachable: the stage above always reports');
      await store.close(identity.batch_id, report);
      deps.onSettled(batch, report.outcomes);
      return report;
    },

    async releaseBatch({ batch_id }) {
      await store.giveBack(batch_id);
    },
  };
}

async function settle(batch: Batch, deps: AcknowledgeDependencies, log: Logger): Promise<AcknowledgeReport> {
  const withRule = (item: BatchItem, rule: 'delete' | 'retry_later'): boolean =>
    item.returned !== true && item.outcome !== undefined && OUTCOME_RULES[item.outcome].message === rule;
  const toDelete = batch.items.filter((item) => withRule(item, 'delete'));
  // A document that the store refused is tried again later, like a failed recording; so is an item that no stage
  // decided on, which no known path leads to.
  const toDelay = batch.items.filter((item) => !toDelete.includes(item));

  const deleted = await batch.lease.acknowledge(toDelete.map((item) => item.messageId));
  const delayed = await batch.lease.release(
    toDelay.map((item) => ({
      messageId: item.messageId,
      delaySeconds: retryDelaySeconds(item.receiveCount, deps.retryDelay),
    })),
  );
  log.info('processed_items_acked', {
    deleted: toDelete.length - deleted.lost.length - deleted.failed.length,
    delayed: toDelay.length - delayed.lost.length - delayed.failed.length,
    // These come again, and end as skipped_existing.
    not_deleted: deleted.lost.length + deleted.failed.length,
  });

  for (const item of batch.items) {
    const outcome = item.returned === true ? undefined : item.outcome;
    item.trace?.end(outcome ?? 'returned', outcome === undefined ? undefined : errorTypeOf(item));
  }
  const outcomes = countOutcomes(batch);
  const decided = OUTCOMES.reduce((sum, outcome: Outcome) => sum + outcomes[outcome], 0);
  log.info('batch_processed', { ...outcomes, milliseconds: Date.now() - batch.startedAtMs });
  return {
    outcomes,
    failures: countFailures(batch),
    returned: batch.items.length + batch.malformed - decided,
  };
}
