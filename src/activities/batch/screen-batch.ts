import type { Logger } from '../../platform/logging/logger.js';
import type { ResultRepository } from '../../results/result-repository.js';
import type { SourceRepository } from '../../sources/source-repository.js';
import type { HostActivities } from '../activity-types.js';
import { undecided } from './batch.js';
import type { BatchStore } from './batch-store.js';
import { runStage } from './stage.js';
import { forgetTwins, setTwinsAside } from './twins.js';

export interface ScreenDependencies {
  store: BatchStore;
  results: Pick<ResultRepository, 'findExisting'>;
  source: Pick<SourceRepository, 'stillEligible'>;
  log: Logger;
}

/** Leaves out what needs no work: results that exist, twins within the batch, rows that are gone. */
export function createScreenActivity(deps: ScreenDependencies): Pick<HostActivities, 'screenBatch'> {
  return {
    screenBatch: (identity) =>
      runStage(deps.store, deps.log, identity, async ({ batch, log, signal }) => {
        log.info('batch_processing_started', { items: batch.items.length });

        forgetTwins(batch);
        const candidates = undecided(batch);
        const existing = await deps.results.findExisting(candidates.map((item) => item.resultDocumentId));
        for (const item of candidates) {
          if (existing.has(item.resultDocumentId)) item.outcome = 'skipped_existing';
        }
        log.info('existing_results_checked', { items: candidates.length, existing: existing.size });

        const unscored = undecided(batch);
        const eligible = await deps.source.stillEligible(
          unscored.map(({ message }) => message),
          signal,
        );
        unscored.forEach((item, index) => {
          if (eligible[index] !== true) item.outcome = 'skipped_ineligible';
        });
        // Twins come last: one whose own row is gone must not stand in for one that can be scored.
        setTwinsAside(batch);
        const remaining = undecided(batch).length;
        log.info('eligible_keys_resolved', {
          items: unscored.length,
          eligible: eligible.filter(Boolean).length,
        });
        if (remaining === 0) log.info('batch_skipped', { items: batch.items.length });
      }),
  };
}
