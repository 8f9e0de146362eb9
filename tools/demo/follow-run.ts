import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { HANDLERS } from '#vachan/contract/names.js';
import { OUTCOMES, type RecordingOutcomes } from '#vachan/pipelines/recordings/contract/outcome.js';
import type { DiscoverySummary } from '#vachan/pipelines/recordings/contract/workflow-results.js';
import type { GuardedProcess } from '../stack/guarded-process.js';

/** Often enough to look alive, seldom enough to cost nothing. */
const POLL_INTERVAL_MS = 500;
/** A query waits for a worker; the first one starts within this. */
const QUERY_TIMEOUT_MS = 3000;
/** A worker that hangs must not hold the demo forever. */
const RUN_TIMEOUT_MINUTES = 30;

export interface RunProgress {
  /** Deliveries that have an outcome. */
  handled: number;
  outcomes: RecordingOutcomes;
}

/** Deliveries by outcome, added up. */
export const handledDeliveries = (outcomes: RecordingOutcomes): number =>
  OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);

/**
 * Waits for a discovery to end and reports its progress meanwhile.
 *
 * @throws Error when the worker ends first, the run fails, or nothing ends within half an hour
 */
export async function followRun(
  handle: WorkflowHandle,
  worker: GuardedProcess,
  onProgress: (progress: RunProgress) => void,
  onLook: () => void = () => undefined,
): Promise<DiscoverySummary> {
  const run = { ended: false };
  const result = (handle.result() as Promise<DiscoverySummary>).finally(() => {
    run.ended = true;
  });
  // Where the worker ends first, its servers are stopped under the pending result.
  const settled = result.then(
    () => undefined,
    () => undefined,
  );
  const deadline = Date.now() + RUN_TIMEOUT_MINUTES * 60_000;
  while (!run.ended) {
    onLook();
    // One after the other, so that no call is left open when the connection closes.
    const outcomes = await currentOutcomes(handle);
    if (outcomes !== undefined) onProgress({ handled: handledDeliveries(outcomes), outcomes });
    await Promise.race([settled, delay(POLL_INTERVAL_MS)]);
    if (worker.hasExited())
      throw new Error(`The worker ended in the middle of the run:\n${worker.logTail()}`);
    if (Date.now() > deadline) throw new Error(`The run did not end within ${RUN_TIMEOUT_MINUTES} minutes`);
  }
  const summary = await result;
  onProgress({ handled: handledDeliveries(summary.outcomes), outcomes: summary.outcomes });
  return summary;
}

async function currentOutcomes(handle: WorkflowHandle): Promise<RecordingOutcomes | undefined> {
  try {
    return await handle.client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, async () => {
      return (await handle.query<DiscoverySummary>(HANDLERS.status)).outcomes;
    });
  } catch {
    // No worker answers yet, or the run has just ended; the result says what became of it.
    return undefined;
  }
}
