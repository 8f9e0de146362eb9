import { Context } from '@temporalio/activity';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { SentLog } from '../../pipelines/recordings/results/sent-log.js';
import type { SourceRepository } from '../../pipelines/recordings/sources/source-repository.js';
import type { MessageQueue } from '../../queue/message-queue.js';
import type { EnqueueDependencies, IdentifiedRow } from './enqueue-rows.js';

export interface DiscoverDependencies extends EnqueueDependencies {
  source: SourceRepository;
  sentLog: SentLog;
  queueFor: (queueUrl: string) => MessageQueue;
  log: RecordingsLogger;
}

/** What one attempt at a page or a look-back works under. */
export interface DiscoveryScope {
  log: RecordingsLogger;
  signal: AbortSignal;
  /** Under which incremental runs remember what they sent. */
  runKey: string;
  /** Tells this run's messages from those of another run of the date. */
  sending: string;
}

export function scopeOf(
  { log }: DiscoverDependencies,
  input: { source_collection: string; test_date: string },
): DiscoveryScope {
  const { info, cancellationSignal } = Context.current();
  const { workflowId = '', runId = '' } = info.workflowExecution ?? {};
  return {
    log: log.child({ workflow_id: workflowId, test_date: input.test_date }),
    signal: cancellationSignal,
    // Continue-as-new keeps the workflow id; a later run of the same date may safely remember what this one sent.
    runKey: `${input.source_collection}:${input.test_date}`,
    sending: runId,
  };
}

/** Keeps in mind that rows were sent, for the run's look-backs. */
export async function rememberSent(
  sentLog: SentLog,
  runKey: string,
  rows: readonly IdentifiedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sentLog.remember(
    runKey,
    rows.map(({ id }) => id),
  );
}
