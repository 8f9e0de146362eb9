import { isDirect } from '../../pipelines/recordings/contract/direct.js';
import { printable } from '../../platform/text/printable.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { ResultRepository } from '../../pipelines/recordings/results/result-repository.js';
import type { SourceRepository } from '../../pipelines/recordings/sources/source-repository.js';
import type { RecordingHostActivities } from './activity-types.js';
import { returnDelivery, settle } from '../shared/delivery.js';
import { workable, type RecordingBatch } from './recording-delivery.js';
import { recordingStage, type StageDependencies } from './recording-stage.js';
import { forgetTwins, setTwinsAside } from './twins.js';

export interface ScreenDependencies extends StageDependencies {
  results: Pick<ResultRepository, 'findExisting'>;
  source: Pick<SourceRepository, 'sourceCollection' | 'stillEligible'>;
}

/**
 * Leaves out what needs no work: results that exist, twins within the batch, rows that are gone. What this worker
 * cannot judge, since its source is another one, goes back.
 */
export function createScreenActivity(deps: ScreenDependencies): Pick<RecordingHostActivities, 'screenBatch'> {
  return {
    screenBatch: (identity) =>
      recordingStage(deps, identity, async ({ batch, log, signal }) => {
        log.info('batch_processing_started', { items: batch.items.length });

        forgetTwins(batch);
        const candidates = workable(batch);
        const existing = await deps.results.findExisting(candidates.map((item) => item.resultDocumentId));
        signal.throwIfAborted();
        for (const item of candidates) {
          if (existing.has(item.resultDocumentId)) settle(item, 'skipped_existing');
        }
        log.info('existing_results_checked', { items: candidates.length, existing: existing.size });

        returnOfOtherSources(batch, deps.source.sourceCollection, log);
        // What stands in no source cannot have gone from it.
        const unscored = workable(batch).filter(({ message }) => !isDirect(message));
        const eligible = await deps.source.stillEligible(
          unscored.map(({ message }) => message),
          signal,
        );
        signal.throwIfAborted();
        unscored.forEach((item, index) => {
          if (eligible[index] !== true) settle(item, 'skipped_ineligible');
        });
        // Twins come last: one whose own row is gone must not stand in for one that can be scored.
        setTwinsAside(batch);
        const remaining = workable(batch).length;
        log.info('eligible_keys_resolved', {
          items: unscored.length,
          eligible: eligible.filter(Boolean).length,
        });
        if (remaining === 0) log.info('batch_skipped', { items: batch.items.length });
      }),
  };
}

/** Names of sources that one line of the log shows; a queue that many share tells the rest in its next batches. */
const MOST_SOURCES_NAMED = 5;

/**
 * A row that is looked up in a source that never had it seems to be gone, and its message would be deleted. So
 * messages of other sources go back: for a worker that serves theirs, or, delivery by delivery, to the dead-letter
 * queue.
 */
function returnOfOtherSources(batch: RecordingBatch, served: string, log: RecordingsLogger): void {
  const strangers = workable(batch).filter(
    ({ message }) => message.source_collection !== served && !isDirect(message),
  );
  if (strangers.length === 0) return;
  for (const item of strangers) returnDelivery(item, 'other_source');
  const names = [...new Set(strangers.map(({ message }) => message.source_collection))];
  log.warn('other_source_returned', {
    messages: strangers.length,
    source_collections: names.slice(0, MOST_SOURCES_NAMED).map((name) => printable(name, 100)),
    served,
  });
}
