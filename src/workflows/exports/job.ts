import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  startChild,
} from '@temporalio/workflow';
import type { JobPlan, Refusal } from '../../activities/exports/activity-types.js';
import { eventWorkflowId } from '../../pipelines/exports/contract/event.js';
import type { AlreadyDone, ExportResult } from '../../pipelines/exports/contract/result.js';
import type { ExportJobInput } from '../../pipelines/exports/contract/workflow-inputs.js';
import { allOrCancel } from '../shared/all-or-cancel.js';
import { continueAsNewIsDue } from '../shared/history.js';
import { carriedOver, refuseExcess, unwrapInvalidInput } from '../shared/invalid-input.js';
import {
  acknowledgeActivities,
  apiActivities,
  checkActivities,
  jobActivities,
  workActivities,
} from './export-activities.js';
import { exportEventWorkflow } from './event.js';
import { installJobHandlers, type JobSignals } from './job-handlers.js';
import { announce, isPaused, newJobRun, show, type EarlyEnd, type JobRun } from './job-run.js';
import { untilNextLook } from './next-look.js';

/**
 * One export: waits until it is ready, lists its files, has each worked on by a download task, and joins what became of
 * them.
 *
 * Two loops share the job. *List* writes page after page into S3. *Dispatch* looks at which files are settled and sends
 * as many tasks as are the job's share. What is done stands in S3 alone, so that nothing is lost with a run.
 */
export async function exportJobWorkflow(
  input: ExportJobInput,
  left?: JobRun,
): Promise<ExportResult | AlreadyDone> {
  const carried = carriedOver(left);
  if (carried === undefined) refuseExcess(input);
  let run = carried;
  const signals: JobSignals = { settled: 0, cancelled: false, draining: run?.draining === true };
  const scope = new CancellationScope();
  installJobHandlers(signals, () => run, scope);

  if (run === undefined) {
    // A job that is cancelled meanwhile has a result as well.
    const checked = await CancellationScope.nonCancellable(() =>
      unwrapInvalidInput(checkActivities.checkJob(input)),
    );
    if ('done' in checked) {
      // The next message begins only a job whose last run has failed.
      if (checked.done.ended_as === 'failed') throw failureOf(checked.done);
      return checked.done;
    }
    run = newJobRun(checked.plan, checked.begins);
    announce(run);
  }
  const job = run;
  const isCancelled = (): boolean => signals.cancelled || CancellationScope.current().consideredCancelled;
  const isBefore = (): boolean => isCancelled() || (signals.draining && !job.ready);
  let end: 'settled' | 'continues' | EarlyEnd;
  try {
    end = isBefore() ? earlyEnd(signals) : await scope.run(() => work(job, signals));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    end = earlyEnd(signals);
  }
  const handled = (): Promise<void> => CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  if (end === 'continues') {
    await handled();
    if (!isCancelled()) {
      return continueAsNew<typeof exportJobWorkflow>(input, {
        ...job,
        ...(signals.draining && { draining: true }),
      });
    }
    end = earlyEnd(signals);
  }
  const early = end === 'settled' ? undefined : end;
  const result = await CancellationScope.nonCancellable(() => finish(job, early));
  await handled();
  if (result.state === 'failed') throw failureOf(result);
  // A run that Temporal cancelled ends as Temporal's cancelled ones do; one that was signalled has its result.
  const isTold = signals.cancelled || signals.draining;
  if (result.state === 'cancelled' && !isTold) throw new CancelledFailure('The job was cancelled');
  return result;
}

async function work(run: JobRun, signals: JobSignals): Promise<'settled' | 'continues' | EarlyEnd> {
  const { plan } = run;
  const { beginAttempt, dispatchTasks } = jobActivities(plan.priority);
  const { awaitReady, listPages } = apiActivities(plan.priority);
  if (!run.begun) {
    await beginAttempt(plan);
    run.begun = true;
  }
  if (!run.ready) {
    run.stage = 'waiting_for_export';
    show(run);
    const readiness = await awaitReady(plan);
    if ('refused' in readiness) return { state: 'failed', ...readiness.refused };
    run.ready = true;
  }
  run.stage = 'working';
  show(run);

  const listing: { refused?: Refusal } = {};
  const stopping = (): boolean =>
    listing.refused !== undefined || continueAsNewIsDue(plan.history_event_limit);
  const isSettled = (): boolean => run.all_listed && run.progress.settled >= run.listed;
  const isDrained = (): boolean => signals.draining && run.progress.outstanding === 0;

  const list = async (): Promise<void> => {
    const isOver = (): boolean => stopping() || signals.draining;
    while (!run.all_listed && !isOver()) {
      await condition(() => !isPaused(run) || isOver());
      if (isOver()) return;
      const progress = await listPages(plan);
      if ('refused' in progress) listing.refused = progress.refused;
      else Object.assign(run, progress);
    }
  };

  const dispatch = async (): Promise<void> => {
    const isOver = (): boolean => isSettled() || isDrained() || stopping();
    while (!isOver()) {
      await condition(() => run.listed > 0 || run.all_listed || isOver());
      if (isOver()) return;
      const seen = { listed: run.listed, paused: run.paused, draining: signals.draining };
      signals.settled = 0;
      run.progress = await dispatchTasks({
        ...{ plan, listed: seen.listed },
        paused: seen.paused || seen.draining,
      });
      run.looks += 1;
      run.sent_again += run.progress.sent_again;
      run.source_paused = run.progress.source_paused;
      show(run);
      if (!isOver()) await untilNextLook(run, signals, seen, stopping);
    }
  };

  await allOrCancel(list, dispatch);
  if (listing.refused !== undefined) return { state: 'failed', ...listing.refused };
  if (isSettled()) return 'settled';
  return isDrained() ? earlyEnd(signals) : 'continues';
}

function earlyEnd({ cancelled, draining }: JobSignals): EarlyEnd {
  if (cancelled || !draining) return { state: 'cancelled' };
  return { state: 'cancelled', detail: 'It was told to end with what was under way.' };
}

/** @param early why it ends before its files are settled; undefined when they are */
async function finish(run: JobRun, early: EarlyEnd | undefined): Promise<ExportResult> {
  const { plan } = run;
  run.stage = 'ending';
  show(run);
  // An attempt that was cancelled before it began has a result too, in which an earlier one's must not be lost.
  if (!run.begun) await jobActivities(plan.priority).beginAttempt(plan);
  if (early !== undefined && (early.state === 'cancelled' || run.listed > 0)) {
    const { still_running: running } = await jobActivities(plan.priority).stopTasks(plan);
    if (running > 0 && early.state === 'cancelled') {
      early = { ...early, detail: `${running} of its tasks still ran when it ended.` };
    }
    await workActivities().abortUploads({ source: plan.source, export_id: plan.export_id });
  }
  const result = await workActivities().joinResult({
    plan,
    finished_at: new Date().toISOString(),
    ...(early !== undefined && { ended: early }),
  });
  if (plan.acknowledges && result.state !== 'cancelled') {
    // Its result is in S3 either way.
    await acknowledgeActivities()
      .acknowledge(plan, result.state)
      .catch(() => undefined);
  }
  if (plan.tells === true) await tell(plan);
  Object.assign(run, { result, stage: 'ended', listed: result.files.listed });
  announce(run);
  return result;
}

/** Has the world told how the attempt ended, by a workflow of its own: a receiver that is down must not hold up the job. */
async function tell({ source, export_id, attempt }: JobPlan): Promise<void> {
  const input = { source, export_id, attempt };
  await startChild(exportEventWorkflow, {
    workflowId: eventWorkflowId(input),
    args: [input],
    parentClosePolicy: 'ABANDON',
  }).catch((error: unknown) => {
    // By the same attempt, of which a reset has made a second end.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  });
}

function failureOf(result: ExportResult | AlreadyDone): ApplicationFailure {
  const { export_id: exportId, entries, files, reason, detail } = result;
  const why =
    reason === undefined
      ? `none of its ${entries.seen} entries became an object; ${files.failed} of ${files.listed} files failed`
      : `${reason}: ${detail}`;
  return ApplicationFailure.create({
    type: 'ExportFailed',
    message: `Export ${exportId} of ${result.source} failed: ${why}`,
    nonRetryable: true,
    details: [result],
  });
}
