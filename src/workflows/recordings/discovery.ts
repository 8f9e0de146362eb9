import {
  CancellationScope,
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  setCurrentDetails,
} from '@temporalio/workflow';
import { LIMIT_BOUNDS, type RunLimits } from '../../pipelines/recordings/contract/limits.js';
import type { RunStatus } from '../../contract/run-status.js';
import type { DiscoveryInput } from '../../pipelines/recordings/contract/workflow-inputs.js';
import type { DiscoverySummary } from '../../pipelines/recordings/contract/workflow-results.js';
import { orchestratorActivities, preparationActivities } from './recording-activities.js';
import type { DispatchEnd } from '../shared/dispatch.js';
import { dispatchRecordings } from './dispatch-recordings.js';
import { describeDiscovery } from './details.js';
import { driftOf } from './drift.js';
import {
  addUnusable,
  announce,
  applyPage,
  countRowsWith,
  newRun,
  summarize,
  type CarriedRun,
} from './discovery-run.js';
import { installRunLimits } from '../shared/run-limits.js';
import { continueAsNewIsDue, isContinuingAsNew } from '../shared/history.js';
import { carriedOver, refuseExcess, unwrapInvalidInput } from '../shared/invalid-input.js';
import { LIMITS_ACT_AT_ONCE, describeNoEffect, type Progress } from './limits-in-force.js';
import { installRunControls, openStatus, type RunControls } from '../shared/run-controls.js';
import { allOrCancel } from '../shared/all-or-cancel.js';

/**
 * One test date: finds its recordings, queues them, and has them scored.
 *
 * Two loops share the run. *Discover* reads, filters and enqueues page after page and moves the watermark, which is
 * this workflow's state, only once a page is in SQS. *Dispatch* keeps lanes of batches going. A backfill or one-time
 * run ends when the source is exhausted and the queue empty; an incremental one when told to, or at `max_records`.
 */
export async function discoveryWorkflow(input: DiscoveryInput, left?: CarriedRun): Promise<DiscoverySummary> {
  const carried = carriedOver(left);
  if (carried === undefined) refuseExcess(input);
  let run = carried;
  const progress = { lanes: 0, discovered: false, dispatched: false };
  const controls = installRunControls(
    carried,
    (status) => run && summarize(run, status, progress.lanes),
    announce,
  );
  installRunLimits<RunLimits>(
    LIMIT_BOUNDS,
    () => run?.plan.limits,
    (changes) => describeNoEffect(changes, run, controls, progress),
  );

  run ??= newRun(await unwrapInvalidInput(preparationActivities.prepareDiscovery(input)));
  return runLoops(run, { input, controls, progress });
}

/** What the handlers and the loops share. */
interface LoopScope {
  input: DiscoveryInput;
  controls: RunControls;
  progress: Progress;
}

async function runLoops(
  run: CarriedRun,
  { input, controls, progress }: LoopScope,
): Promise<DiscoverySummary> {
  const { plan } = run;
  const stopping = (): boolean => controls.draining || continueAsNewIsDue(plan.history_event_limit);
  const show = (): void =>
    setCurrentDetails(describeDiscovery(summarize(run, openStatus(controls), progress.lanes)));

  const saveState = async (status: RunStatus, finished: boolean): Promise<void> => {
    await orchestratorActivities.saveState({
      source_collection: plan.source_collection,
      test_date: plan.test_date,
      mode: plan.mode,
      status,
      watermark: run.watermark,
      stats: run.stats,
      started_at: run.started_at,
      starts_anew: !run.state_saved && plan.mode !== 'incremental',
      finished,
    });
    run.state_saved = true;
  };

  const recordsLeft = (): number =>
    plan.limits.max_records === null ? Infinity : plan.limits.max_records - run.stats.enqueued;

  const mayDiscover = (): boolean =>
    recordsLeft() > 0 && (plan.mode === 'incremental' || !run.source_exhausted);
  /** Only `set_limits` can bring this about, once everything was discovered. */
  const isLifted = (): boolean => mayDiscover() && patched(LIMITS_ACT_AT_ONCE);

  const sleepUntilNextPoll = async (): Promise<void> => {
    const since = Date.now();
    for (;;) {
      const seconds = plan.limits.poll_interval_seconds;
      const left = since + seconds * 1000 - Date.now();
      if (left <= 0) return;
      const isChanged = (): boolean =>
        (plan.limits.poll_interval_seconds !== seconds || recordsLeft() <= 0) && patched(LIMITS_ACT_AT_ONCE);
      const woken = await condition(() => stopping() || isChanged(), left);
      if (!woken || stopping() || recordsLeft() <= 0) return;
    }
  };

  const discover = async (): Promise<void> => {
    while (!stopping()) {
      if (controls.paused) {
        await condition(() => !controls.paused || stopping());
        continue;
      }
      if (!mayDiscover()) {
        progress.discovered = true;
        await condition(() => stopping() || progress.dispatched || mayDiscover());
        if (stopping() || progress.dispatched || !isLifted()) return;
        progress.discovered = false;
        continue;
      }
      const countRows = countRowsWith(run);
      const page = await orchestratorActivities.discoverPage({
        source_collection: plan.source_collection,
        test_date: plan.test_date,
        subject_name: plan.subject_name,
        mode: plan.mode,
        queue_url: plan.queue_url,
        after: run.watermark,
        limit: Math.min(plan.limits.discovery_batch_size, recordsLeft()),
        read_hint: run.read_hint,
        count_rows: countRows,
      });
      if (countRows === 'now' || (countRows !== undefined && page.exhausted)) {
        run.rows_counted_at = new Date().toISOString();
      }
      applyPage(run, page);
      await saveState(openStatus(controls), false);
      show();
      if (page.exhausted && plan.mode === 'incremental') {
        await lookBack();
        await sleepUntilNextPoll();
      }
    }
  };

  const lookBack = async (): Promise<void> => {
    if (run.watermark === null || plan.lookback_seconds === 0 || recordsLeft() <= 0) return;
    const late = await orchestratorActivities.discoverLate({
      source_collection: plan.source_collection,
      test_date: plan.test_date,
      subject_name: plan.subject_name,
      mode: plan.mode,
      queue_url: plan.queue_url,
      watermark: run.watermark,
      lookback_seconds: plan.lookback_seconds,
      limit: Math.min(plan.limits.discovery_batch_size, recordsLeft()),
    });
    run.stats.enqueued += late.enqueued;
    run.stats.discovered += late.enqueued;
    run.stats.late += late.enqueued;
    addUnusable(run, late);
  };

  const isDiscovered = (): boolean => progress.discovered && !isLifted();

  const dispatchLanes = async (): Promise<DispatchEnd> => {
    for (;;) {
      const end = await dispatchOnce();
      // A limit may have been lifted while the last batches ran.
      if (!stopping() && !isDiscovered()) continue;
      progress.dispatched = true;
      return end;
    }
  };

  const dispatchOnce = (): Promise<DispatchEnd> =>
    dispatchRecordings(run.dispatch, {
      queueUrl: plan.queue_url,
      subject: plan.test_date,
      emptyConfirmSeconds: plan.empty_confirm_seconds,
      batchSize: () => plan.limits.batch_size,
      maxConcurrency: () => plan.limits.max_concurrency,
      paused: () => controls.paused,
      stopping: () => stopping() || (isDiscovered() && !plan.await_queue),
      endsWhenEmpty: isDiscovered,
      onChange: (count) => {
        progress.lanes = count;
        show();
      },
    });

  const finish = async (status: RunStatus): Promise<DiscoverySummary> => {
    await saveState(status, true);
    run.drift = await driftOf(plan.source_collection, plan.test_date);
    const summary = summarize(run, status, progress.lanes);
    announce(summary);
    await condition(allHandlersFinished);
    return summary;
  };

  announce(summarize(run, openStatus(controls), progress.lanes));
  try {
    const [, end] = await allOrCancel(discover, dispatchLanes);
    const done = progress.discovered && (end === 'emptied' || !plan.await_queue);
    if (!controls.draining && !done) {
      // Children would be closed with this run, so both loops have come to rest before it continues as new.
      await condition(allHandlersFinished);
      return await continueAsNew<typeof discoveryWorkflow>(input, { ...run, ...controls });
    }
    return await finish(controls.draining ? 'stopped' : 'completed');
  } catch (error) {
    if (isContinuingAsNew(error)) throw error;
    await CancellationScope.nonCancellable(() => finish(isCancellation(error) ? 'stopped' : 'failed'));
    throw error;
  }
}
