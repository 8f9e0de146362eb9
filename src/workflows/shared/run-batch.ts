import { CancellationScope, isCancellation, patched, rootCause, workflowInfo } from '@temporalio/workflow';
import type {
  BatchIdentity,
  HostActivities,
  JoinedReport,
  ProcessedReport,
  ReceiveActivities,
  ReceivedBatch,
  StageReport,
} from '../../activities/shared/activity-types.js';
import type { BatchInput } from '../../contract/batch-input.js';
import type { BatchStatus, BatchSummary } from '../../contract/batch-summary.js';
import { FAILURES } from '../../contract/failures.js';
import type { OutcomeCounts } from '../../contract/outcome.js';
import { isHostLost, timedOut } from './host-lost.js';
import { failIfInvalid, refuseExcess } from './invalid-input.js';

/** One stage of a pipeline's batches, between receiving and acknowledging. */
export interface Stage<Host> {
  /** As the batch's timings name it. */
  name: string;
  run: (host: Host, batch: BatchIdentity) => Promise<StageReport>;
  /** True: also when no item is left to work on, to write what became of them. */
  always?: true;
}

/** Stages that a host may run in one activity, one after the other: the first ones of the pipeline's. */
export interface JoinedStages<Host> {
  /** By their names. */
  stages: readonly string[];
  run: (host: Host, batch: BatchIdentity) => Promise<JoinedReport>;
}

/** How a pipeline works on a batch. */
export interface BatchPlan<Outcome extends string, Host extends HostActivities<Outcome>> {
  receive: ReceiveActivities;
  /** The activities of the process that holds the batch. */
  host: (taskQueue: string) => Host;
  release: (taskQueue: string) => Pick<Host, 'releaseBatch'>;
  stages: readonly Stage<Host>[];
  joined?: JoinedStages<Host>;
  /** All stages and the acknowledgement in one activity, on hosts that have it. */
  whole?: (host: Host, batch: BatchIdentity) => Promise<ProcessedReport<Outcome>>;
  /** The pipeline's counters, all at 0. */
  noOutcomes: () => OutcomeCounts<Outcome>;
}

/**
 * One batch, on one host: receive, the pipeline's stages, acknowledge.
 *
 * The process that received the batch holds its messages and files, so every later stage runs on that process's
 * own task queue. If it is lost, the messages come back to SQS by themselves when their visibility runs out.
 */
export async function runBatch<Outcome extends string, Host extends HostActivities<Outcome>>(
  input: BatchInput,
  { receive, host, release, stages, joined, whole, noOutcomes }: BatchPlan<Outcome, Host>,
): Promise<BatchSummary<Outcome>> {
  refuseExcess(input);
  const batch: BatchIdentity = { batch_id: workflowInfo().runId };
  const timings: Record<string, number> = {};
  const summarize = (
    status: BatchStatus,
    received: number,
    more: Partial<BatchSummary<Outcome>> = {},
  ): BatchSummary<Outcome> => ({
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
    received = await timed('receive', receive.receiveBatch(input, batch));
  } catch (error) {
    failIfInvalid(error);
    if (isCancellation(error)) throw error;
    if (timedOut(error, ['SCHEDULE_TO_START'])) return summarize('no_worker', 0);
    return summarize('failed', 0, { reason: reasonOf(error) });
  }
  const { host_task_queue: taskQueue, received: count } = received;
  if (count === 0) return summarize('empty', 0);

  const holder = host(taskQueue);
  try {
    // An older host has no such activities, and says nothing. What it says is in the history, so no patch is needed.
    if (whole !== undefined && received.joins_all === true) {
      const { timings_ms, ...report } = await whole(holder, batch);
      Object.assign(timings, timings_ms);
      return summarize('processed', count, report);
    }
    let remaining = count;
    let rest = stages;
    if (joined !== undefined && received.joins_stages === true) {
      const report = await joined.run(holder, batch);
      Object.assign(timings, report.timings_ms);
      ({ remaining } = report);
      rest = stages.filter(({ name }) => !joined.stages.includes(name));
    }
    for (const { name, run, always = false } of rest) {
      if (remaining > 0 || always) ({ remaining } = await timed(name, run(holder, batch)));
    }
    const report = await timed('acknowledge', holder.acknowledge(batch));
    return summarize('processed', count, {
      outcomes: report.outcomes,
      ...(report.failures && { failures: report.failures }),
      ...(report.returns && { returns: report.returns }),
      ...(report.not_deleted !== undefined && { not_deleted: report.not_deleted }),
      returned: report.returned,
    });
  } catch (error) {
    if (isHostLost(error, FAILURES.batchGone)) return summarize('host_lost', count, { returned: count });
    if (timedOut(error, ['START_TO_CLOSE']) && !patched('give-back-what-hangs')) {
      return summarize('host_lost', count, { returned: count });
    }
    await giveBack(release(taskQueue), batch);
    if (isCancellation(error)) throw error;
    return summarize('failed', count, { returned: count, reason: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  return rootCause(error) ?? String(error);
}

async function giveBack(release: Pick<HostActivities, 'releaseBatch'>, batch: BatchIdentity): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    try {
      await release.releaseBatch(batch);
    } catch {
      // The messages come back when their visibility runs out; a failed courtesy changes no outcome.
    }
  });
}
