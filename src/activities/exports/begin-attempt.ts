import { Context } from '@temporalio/activity';
import type { EntryReason } from '../../pipelines/exports/contract/reasons.js';
import type { ExportResult, RejectRow } from '../../pipelines/exports/contract/result.js';
import type { ExportState, JobState } from '../../pipelines/exports/state/job-state.js';
import type { JobActivities } from './activity-types.js';

/** What an archive's bytes alone do not decide: these entries may do better once metadata or objects were put right. */
const CURABLE: ReadonlySet<string> = new Set<EntryReason>([
  'no_metadata',
  'metadata_size',
  'metadata_checksum',
  'key_taken',
]);

/**
 * Puts the result of the attempt before aside, and the files that it could not do back to be done. Every step can be
 * done again, and the result, which says that there is something to put aside, goes last.
 */
export function createBeginAttemptActivity({
  state,
}: {
  state: Pick<ExportState, 'of' | 'objects'>;
}): Pick<JobActivities, 'beginAttempt'> {
  const { objects } = state;
  return {
    async beginAttempt(plan) {
      const signal = Context.current().cancellationSignal;
      const job = state.of(plan);
      const { keys } = job;
      const result = await job.result(signal);
      const isBefore = result !== undefined && result.attempt < plan.attempt;
      if (isBefore) await keepResult(job, result);
      if (isBefore) {
        for await (const ordinal of ordinalsToRedo(job)) {
          await job.fragments.remove(ordinal, signal);
          await objects.delete(keys.yielded(ordinal), signal);
        }
      }
      await objects.delete(keys.dispatch, signal);
      await objects.delete(keys.listingCursor, signal);
      await objects.delete(keys.cancelled, signal);
      if (isBefore) await objects.delete(keys.result(), signal);
    },
  };

  async function keepResult({ keys }: JobState, result: ExportResult): Promise<void> {
    const { attempt } = result;
    const signal = Context.current().cancellationSignal;
    for (const key of [keys.manifest, keys.rejects, keys.missing]) {
      if (await objects.exists(key(), signal)) await objects.copy(key(), key(attempt), signal);
    }
    const kept: ExportResult = {
      ...result,
      manifest_key: keys.manifest(attempt),
      rejects_key: keys.rejects(attempt),
      missing_key: keys.missing(attempt),
    };
    await objects.write(keys.result(attempt), JSON.stringify(kept), signal);
  }

  async function* ordinalsToRedo({ keys }: JobState): AsyncIterable<number> {
    const signal = Context.current().cancellationSignal;
    let last: number | undefined;
    for await (const line of objects.lines(keys.rejects(), signal)) {
      const { ordinal, entry, reason } = JSON.parse(line) as RejectRow;
      // Rows of a file stand together.
      if (ordinal === last || (entry !== null && !CURABLE.has(reason))) continue;
      last = ordinal;
      yield ordinal;
    }
  }
}
