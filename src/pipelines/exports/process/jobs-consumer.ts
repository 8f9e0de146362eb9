import { createConsumer, type Consumer } from '../../../queue/consume.js';
import type { ReadResult } from '../../../queue/read-messages.js';
import { preview } from '../../../platform/text/printable.js';
import type { JobRef } from '../contract/job-ref.js';
import type { ExportResult } from '../contract/result.js';
import { readExportJobs, type ExportJobsMessage } from '../contract/messages.js';
import type { MessageOutcome } from '../metrics/outcomes.js';
import { createJobsHandler } from './jobs-handler.js';
import type { ExportParts } from './parts.js';
import { asReadResult } from './read-result.js';
import { createStartJob } from './start-job.js';

/** Reads the queue that names jobs: an orchestrator's service. */
export function createJobsConsumer({ config, dependencies, metrics, temporal, log }: ExportParts): Consumer {
  const { sources, jobsQueue, findDeadLetters } = dependencies;
  const read = (body: string): ReadResult<ExportJobsMessage> => {
    const result = asReadResult(readExportJobs(body));
    if (!result.ok || sources.has(result.message.source)) return result;
    const known = sources.names.join(', ');
    return { ok: false, reason: `source: expected one of ${known} (got ${preview(result.message.source)})` };
  };
  const resultOf = (job: JobRef): Promise<ExportResult | undefined> => dependencies.state.of(job).result();
  return createConsumer<ExportJobsMessage>({
    queues: [{ queue: jobsQueue, weight: 1 }],
    places: config.EXPORT_JOB_PLACES,
    visibilityTimeoutSeconds: config.SQS_VISIBILITY_TIMEOUT_SECONDS,
    yieldAfterSeconds: config.EXPORT_YIELD_AFTER,
    shutdownGraceSeconds: config.SHUTDOWN_GRACE_SECONDS,
    read: ({ body }) => read(body),
    handle: (consumed) => createJobsHandler(createStartJob(temporal()), resultOf, log)(consumed),
    findDeadLetters,
    onReceived: (queueUrl, { sentAtMs, receiveCount }) => {
      const first = receiveCount === 1 && sentAtMs !== undefined ? [sentAtMs] : [];
      metrics.received(queueUrl, 1, first, Date.now());
    },
    onEnded: (queueUrl, outcome, seconds) =>
      metrics.messageEnded(queueUrl, outcome as MessageOutcome, seconds),
    log,
  });
}
