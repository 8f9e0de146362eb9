import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  TimeoutFailure,
  isCancellation,
  patched,
  rootCause,
  workflowInfo,
} from '@temporalio/workflow';
import type { TimeoutType } from '@temporalio/common';
import type {
  AcknowledgeReport,
  BatchIdentity,
  ReceivedBatch,
} from '../../activities/shared/activity-types.js';
import { FAILURES } from '../../contract/failures.js';
import { inferenceTaskQueue } from '../../pipelines/recordings/contract/names.js';
import { noOutcomes } from '../../pipelines/recordings/contract/outcome.js';
import type { BatchInput } from '../../contract/batch-input.js';
import type { BatchStatus } from '../../contract/batch-summary.js';
import type { InferenceSummary } from '../../pipelines/recordings/contract/workflow-results.js';
import { host, hostRelease, receiver } from '../shared/activity-options.js';
import { failIfInvalid, refuseExcess } from '../shared/invalid-input.js';

/**
 * One batch, on one host: receive, screen, download, features, inference, upsert, acknowledge.
 *
 * The process that received the batch holds its messages and audio, so every later stage runs on that process's
 * own task queue. If it is lost, the messages come back to SQS by themselves when their visibility runs out.
 */
export async function inferenceWorkflow(input: BatchInput): Promise<InferenceSummary> {
  refuseExcess(input);
  const { runId, taskQueue } = workflowInfo();
  const batch: BatchIdentity = { batch_id: runId };
  const timings: Record<string, number> = {};
  const summarize = (
    status: BatchStatus,
    received: number,
    more: Partial<InferenceSummary> = {},
  ): InferenceSummary => ({
    batch_id: batch.batch_id,
    status,
    received,
    returned: 0,
    outcomes: noOutcomes(),
    timings_ms: timings,
    ...more,
  });
  const timed = async <T>(stage: string, work: Promise<T>): Promise<T> => {
    const started = Date.now();
    try {
      return await work;
    } finally {
      timings[stage] = Date.now() - started;
    }
  };

  let received: ReceivedBatch;
  try {
    received = await timed('receive', receiver(inferenceTaskQueue(taskQueue)).receiveBatch(input, batch));
  } catch (error) {
    failIfInvalid(error);
    if (isCancellation(error)) throw error;
    if (timedOut(error, ['SCHEDULE_TO_START'])) return summarize('no_worker', 0);
    return summarize('failed', 0, { reason: reasonOf(error) });
  }
  if (received.received === 0) return summarize('empty', 0);

  const stages = host(received.host_task_queue);
  try {
    let { remaining } = await timed('screen', stages.screenBatch(batch));
    if (remaining > 0) ({ remaining } = await timed('download', stages.downloadAudio(batch)));
    if (remaining > 0) ({ remaining } = await timed('features', stages.extractFeatures(batch)));
    if (remaining > 0) await timed('inference', stages.runInference(batch));
    await timed('upsert', stages.upsertResults(batch));
    const report: AcknowledgeReport = await timed('acknowledge', stages.acknowledge(batch));
    return summarize('processed', received.received, {
      outcomes: report.outcomes,
      ...(report.failures && { failures: report.failures }),
      ...(report.returns && { returns: report.returns }),
      ...(report.not_deleted !== undefined && { not_deleted: report.not_deleted }),
      returned: report.returned,
    });
  } catch (error) {
    if (isHostLost(error)) return summarize('host_lost', received.received, { returned: received.received });
    if (timedOut(error, ['START_TO_CLOSE']) && !patched('give-back-what-hangs')) {
      return summarize('host_lost', received.received, { returned: received.received });
    }
    await giveBack(received.host_task_queue, batch);
    if (isCancellation(error)) throw error;
    return summarize('failed', received.received, { returned: received.received, reason: reasonOf(error) });
  }
}

/** The batch's process is gone, or lives on without the batch. */
function isHostLost(error: unknown): boolean {
  const root = rootCauseOf(error);
  if (root instanceof ApplicationFailure) return root.type === FAILURES.batchGone;
  return timedOut(error, ['HEARTBEAT', 'SCHEDULE_TO_START']);
}

function timedOut(error: unknown, types: readonly TimeoutType[]): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof TimeoutFailure && types.includes(cause.timeoutType)) return true;
  }
  return false;
}

function rootCauseOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof ActivityFailure && cause.cause !== undefined) cause = cause.cause;
  return cause;
}

function reasonOf(error: unknown): string {
  return rootCause(error) ?? String(error);
}

async function giveBack(taskQueue: string, batch: BatchIdentity): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    try {
      await hostRelease(taskQueue).releaseBatch(batch);
    } catch {
      // The messages come back when their visibility runs out; a failed courtesy changes no outcome.
    }
  });
}
