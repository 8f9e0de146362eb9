import { CancellationScope, condition, isCancellation, log, patched } from '@temporalio/workflow';
import type { Backlog } from '../../contract/backlog.js';
import type { BatchSummary, DispatchStats } from '../../contract/batch-summary.js';
import { addCounts } from '../../contract/counts.js';
import type { OutcomeCounts } from '../../contract/outcome.js';
import { failIfInvalid } from './invalid-input.js';

/** What dispatching remembers across continue-as-new. */
export interface DispatchState<Outcome extends string = string> {
  stats: DispatchStats<Outcome>;
  /** Number of the next batch; part of its workflow id, so it never goes back. */
  next_batch: number;
  backlog: Backlog | null;
}

/** @param outcomes the pipeline's counters, all at 0 */
export function newDispatchState<Outcome extends string>(
  outcomes: OutcomeCounts<Outcome>,
): DispatchState<Outcome> {
  return {
    stats: {
      batches: 0,
      batches_failed: 0,
      hosts_lost: 0,
      received: 0,
      returned: 0,
      outcomes,
      failures: {},
    },
    next_batch: 1,
    backlog: null,
  };
}

/** `emptied`: the queue was found empty twice and could be left; `stopped`: told to stop. */
export type DispatchEnd = 'emptied' | 'stopped';

/** What the owner of the lanes says; read anew at every decision, so changes act at once. */
export interface DispatchControls<Outcome extends string = string> {
  /** Counts what waits, and who is there to work on it. */
  measure(): Promise<Backlog>;
  /**
   * Runs one batch to its end, as a child workflow.
   *
   * @param number tells it from every other batch of the run
   */
  startBatch(number: number, batchSize: number): Promise<BatchSummary<Outcome>>;
  emptyConfirmSeconds: number;
  batchSize(): number;
  /** Batches at once in each worker process; null: as many as it takes. */
  maxConcurrency(): number | null;
  paused(): boolean;
  /** True: start nothing more, finish what runs, return. */
  stopping(): boolean;
  /** True: return once the queue is empty. */
  endsWhenEmpty(): boolean;
  /** Called after every change worth showing. */
  onChange(lanes: number): void;
}

/** Measuring costs an activity in the history, so a burst of ending lanes shares one. */
const MEASURE_AT_MOST_EVERY_SECONDS = 2;
/** How often the lanes follow the backlog and the live workers while batches run. */
const MEASURE_EVERY_SECONDS = 15;
/** Pause between looks at an empty queue, doubled from the first to the last: soon at first, cheap in the long run. */
const IDLE_SECONDS = { first: 2, last: 30 };
/** The same while messages are there but no lane is: they come back, or a worker starts, at a time of its own. */
const WAITING_SECONDS = { first: 2, last: 10 };
/**
 * A lost host says nothing about the databases, and its messages come back by themselves: the lane asks live workers
 * for the next batch at once. Runs that met their first lost host before this change keep pausing, as their histories
 * say. The name is in histories: docs/changing-workflows.md tells when it may go.
 */
const LOST_HOST_FREES_ITS_LANE = 'lost-host-frees-its-lane';
/** Runs whose limits changed before this change looked at them at the next measurement, as their histories say. */
const LIMITS_WAKE_THE_LANES = 'limits-wake-the-lanes';
/** Pause after failed batches in a row, doubled likewise: a broken database is not hammered. */
const FAILURE_SECONDS = { first: 2, last: 60 };

/**
 * Keeps as many batches running as there is work and workers for:
 * min(backlog / batch size, the sum over live workers of min(max concurrency, its places)).
 *
 * A lane runs one batch after another; it ends with an empty one, or with one that came short when the last
 * measurement, too, found less than a batch. Idle queues are measured, never looked at by child workflows.
 *
 * @returns when told to stop, or when the queue is empty twice in a row and may be left
 */
export async function dispatch<Outcome extends string>(
  state: DispatchState<Outcome>,
  controls: DispatchControls<Outcome>,
): Promise<DispatchEnd> {
  let wanted = 0;
  let lanes = 0;
  let lanesEnded = 0;
  let failuresInARow = 0;
  let idleLooks = 0;
  let foundEmpty = false;
  let broken: unknown;

  const runLane = async (): Promise<void> => {
    lanes++;
    controls.onChange(lanes);
    let hostLostBefore = false;
    try {
      while (lanes <= wanted && !controls.stopping() && !controls.paused()) {
        const batchSize = controls.batchSize();
        const summary = await runBatch(state, controls, batchSize);
        const hostLost = summary.status === 'host_lost';
        // Twice in a row in one lane is no death but something that a pause may spare the messages' receive counts.
        if (hostLost && !hostLostBefore && patched(LOST_HOST_FREES_ITS_LANE)) {
          hostLostBefore = true;
          continue;
        }
        hostLostBefore = hostLost;
        const failed = summary.status !== 'processed' && summary.status !== 'empty';
        failuresInARow = failed ? failuresInARow + 1 : 0;
        const nearlyEmpty = summary.received < batchSize && (state.backlog?.visible ?? 0) < batchSize;
        if (failed || summary.received === 0 || nearlyEmpty) break;
      }
    } catch (error) {
      broken ??= error;
    } finally {
      lanes--;
      lanesEnded++;
      controls.onChange(lanes);
    }
  };

  const follow = async (): Promise<DispatchEnd> => {
    while (!controls.stopping() && broken === undefined) {
      if (controls.paused()) {
        await condition(() => !controls.paused() || controls.stopping());
        continue;
      }
      const backlog = await controls.measure();
      state.backlog = backlog;
      wanted = lanesWanted(backlog, controls);
      while (lanes < wanted && !controls.stopping()) void runLane();
      controls.onChange(lanes);

      const messages = backlog.visible + backlog.in_flight + backlog.delayed;
      if (lanes === 0 && messages === 0 && controls.endsWhenEmpty()) {
        if (foundEmpty) return 'emptied';
        foundEmpty = true;
        await condition(() => controls.stopping(), controls.emptyConfirmSeconds * 1000);
        continue;
      }
      foundEmpty = false;
      idleLooks = lanes === 0 ? idleLooks + 1 : 0;

      const endedBefore = lanesEnded;
      const limits = `${controls.maxConcurrency()} ${controls.batchSize()}`;
      const limitsChanged = (): boolean =>
        limits !== `${controls.maxConcurrency()} ${controls.batchSize()}` && patched(LIMITS_WAKE_THE_LANES);
      const mustLook = (): boolean => controls.stopping() || broken !== undefined;
      await condition(mustLook, MEASURE_AT_MOST_EVERY_SECONDS * 1000);
      // A lane that ended well frees a place at once; one that failed waits out its pause.
      const seconds =
        failuresInARow > 0
          ? doubled(FAILURE_SECONDS, failuresInARow)
          : lanes === 0
            ? doubled(messages > 0 ? WAITING_SECONDS : IDLE_SECONDS, idleLooks)
            : MEASURE_EVERY_SECONDS;
      await condition(
        () => mustLook() || (lanesEnded > endedBefore && failuresInARow === 0) || limitsChanged(),
        (seconds - MEASURE_AT_MOST_EVERY_SECONDS) * 1000,
      );
    }
    return 'stopped';
  };

  let end: DispatchEnd;
  try {
    end = await follow();
  } finally {
    wanted = 0;
    // Also after a cancellation: batches give their messages back before the run may end or continue as new.
    await CancellationScope.nonCancellable(() => condition(() => lanes === 0));
  }
  if (broken !== undefined) throw broken as Error;
  return end;
}

function lanesWanted(
  backlog: Backlog,
  controls: Pick<DispatchControls, 'batchSize' | 'maxConcurrency'>,
): number {
  const byWork = Math.ceil(backlog.visible / controls.batchSize());
  const byWorkers = backlog.places ?? (controls.maxConcurrency() ?? 1) * backlog.inference_workers;
  return Math.min(byWork, byWorkers);
}

function doubled(bounds: { first: number; last: number }, times: number): number {
  return Math.min(bounds.last, bounds.first * 2 ** (times - 1));
}

async function runBatch<Outcome extends string>(
  state: DispatchState<Outcome>,
  controls: DispatchControls<Outcome>,
  batchSize: number,
): Promise<Pick<BatchSummary, 'status' | 'received'>> {
  const number = state.next_batch++;
  try {
    const summary = await controls.startBatch(number, batchSize);
    record(state.stats, summary);
    return summary;
  } catch (error) {
    failIfInvalid(error);
    if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
    // Somebody terminated or cancelled this one batch: its messages come back by visibility.
    log.warn('batch workflow did not finish', { batch: number });
    state.stats.batches++;
    state.stats.batches_failed++;
    return { status: 'failed', received: 0 };
  }
}

function record<Outcome extends string>(stats: DispatchStats<Outcome>, summary: BatchSummary<Outcome>): void {
  if (summary.status === 'empty' || summary.status === 'no_worker') return;
  stats.batches++;
  if (summary.status === 'failed') stats.batches_failed++;
  if (summary.status === 'host_lost') stats.hosts_lost++;
  stats.received += summary.received;
  stats.returned += summary.returned;
  stats.outcomes = addCounts<Outcome>(stats.outcomes, summary.outcomes);
  stats.failures = addCounts(stats.failures ?? {}, summary.failures ?? {});
  if (summary.returns !== undefined) stats.returns = addCounts(stats.returns ?? {}, summary.returns);
  if (summary.not_deleted !== undefined) {
    stats.not_deleted = (stats.not_deleted ?? 0) + summary.not_deleted;
  }
}
