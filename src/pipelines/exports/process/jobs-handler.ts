import pLimit from 'p-limit';
import type { ConsumedMessage } from '../../../queue/consumed-message.js';
import type { Settlement } from '../../../queue/settle-message.js';
import type { ExportJobsMessage } from '../contract/messages.js';
import type { ExportResult } from '../contract/result.js';
import type { JobRef } from '../contract/job-ref.js';
import type { ExportsLogger } from '../log-events.js';
import type { StartJob } from './start-job.js';

/** Starts of one message under way at once: a start takes Temporal some milliseconds. */
const STARTS_AT_ONCE = 8;

/** Between a job's result and the end of its workflow lie milliseconds, or the retries of a busy server. */
const ENDING_SECONDS = 5;

/** Starts a job for each export that a message names; the message may go when all of them are durably started. */
export function createJobsHandler(
  startJob: StartJob,
  resultOf: (job: JobRef) => Promise<Pick<ExportResult, 'message_id'> | undefined>,
  log: ExportsLogger,
): (consumed: ConsumedMessage<ExportJobsMessage>) => Promise<Settlement> {
  return async ({ message, received, signal }) => {
    const { source, priority, force } = message;
    const { messageId: message_id } = received;
    // What nobody has named is named after the message, which its sender knows.
    const correlation_id = message.correlation_id ?? message_id;
    const limit = pLimit(STARTS_AT_ONCE);
    const outcomes = await Promise.all(
      [...new Set(message.export_ids)].map((export_id) =>
        limit(async () => {
          signal.throwIfAborted();
          const job = { source, export_id };
          // Delivered again, since another of its exports waits: this one's attempt has begun and ended meanwhile.
          const isAnswered = force && (await resultOf(job))?.message_id === message_id;
          const outcome = isAnswered
            ? 'known'
            : await startJob({ ...job, priority, correlation_id, force, message_id });
          // People see a result, and force the next attempt, before the workflow of the last one has closed.
          if (force && !isAnswered && outcome === 'known' && (await resultOf(job)) !== undefined)
            return 'ending';
          const event = outcome === 'started' ? 'export_job_started' : 'export_job_known';
          log.info(event, { source, export_id, correlation_id, priority });
          return outcome;
        }),
      ),
    );
    if (outcomes.includes('ending')) {
      return { message: 'release', delaySeconds: ENDING_SECONDS, outcome: 'waits_for_end' };
    }
    return { message: 'delete', outcome: outcomes.includes('started') ? 'started' : 'known' };
  };
}
