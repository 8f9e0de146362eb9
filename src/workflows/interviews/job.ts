import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineSignal,
  isCancellation,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Failure, JobRef, Start, StartInput } from '../../activities/interviews/activity-types.js';
import { FAILURES } from '../../contract/failures.js';
import { JOB_FAILURES } from '../../pipelines/interviews/contract/failures.js';
import { JOB_HANDLERS } from '../../pipelines/interviews/contract/job-handlers.js';
import { describeJobMismatch } from '../../pipelines/interviews/contract/job-input.js';
import type { JobOutcome, JobRunStatus } from '../../pipelines/interviews/contract/job-run.js';
import type { InterviewJobInput } from '../../pipelines/interviews/contract/workflow-inputs.js';
import { statusQuery } from '../shared/handlers.js';
import { refuseExcess } from '../shared/invalid-input.js';
import { attemptFailureOf, type AttemptFailure } from './attempt-failure.js';
import { runAttempt } from './attempt.js';
import { untilReady, type ObjectSignals } from './await-object.js';
import { countFailure, MOST_FAILURES } from './count-failure.js';
import { jobActivities, placeActivities, tellActivities } from './interview-activities.js';
import { enter, newJobRun, summarize, type JobRun } from './job-run.js';

const objectArrivedSignal = defineSignal(JOB_HANDLERS.objectArrived);
const cancelSignal = defineSignal(JOB_HANDLERS.cancel);

/** Before another try at beginning an attempt, which failed before it had the job. */
const UNBEGUN_PAUSE = '30 seconds';

/** Why a job was cancelled, for its document. */
const CANCELLED: Failure = { error_type: JOB_FAILURES.cancelled, message: 'The job was cancelled.' };

/**
 * One job of an interview: waits until its object is there, takes a place and the job, has it analysed, and tells the
 * interview. What is done stands in the database, and every write names this run: whoever else has the job by then wins.
 */
export async function interviewJobWorkflow(input: InterviewJobInput): Promise<JobRunStatus> {
  refuseExcess(input);
  const { workflowId, workflowType, firstExecutionRunId } = workflowInfo();
  const mismatch = describeJobMismatch(input, workflowId);
  if (mismatch !== undefined) {
    throw ApplicationFailure.nonRetryable(`${workflowType}: ${mismatch}`, FAILURES.invalidInput);
  }
  const run = newJobRun(input.job_id, firstExecutionRunId);
  const ref: JobRef = { job_id: run.job_id, run_id: run.run_id };
  const signals: ObjectSignals & { cancelled: boolean } = { arrived: false, cancelled: false };
  const scope = new CancellationScope();
  setHandler(statusQuery, () => summarize(run));
  setHandler(objectArrivedSignal, () => {
    signals.arrived = true;
  });
  setHandler(cancelSignal, () => {
    signals.cancelled = true;
    scope.cancel();
  });

  let outcome: JobOutcome;
  try {
    outcome = await scope.run(() => work(run, ref, signals));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    outcome = await CancellationScope.nonCancellable(() => cancelJob(run, ref));
  }
  await CancellationScope.nonCancellable(async () => {
    if (outcome !== 'superseded') {
      enter(run, 'telling');
      await tellActivities.tellInterview({ job_id: run.job_id });
    }
    run.outcome = outcome;
    enter(run, 'ended');
  });
  if (outcome === 'failed') throw failureOf(run);
  if (outcome === 'cancelled' && !signals.cancelled) throw new CancelledFailure('The job was cancelled');
  return summarize(run);
}

async function work(run: JobRun, ref: JobRef, signals: ObjectSignals): Promise<JobOutcome> {
  for (;;) {
    enter(run, 'waiting_for_object');
    const readiness = await untilReady(run, ref, signals);
    if ('superseded' in readiness) return 'superseded';
    if ('refused' in readiness) return failUnclaimed(run, ref, readiness.refused);

    // Attempts of a run before, which ended without a word, count; one more is made in any case.
    if (run.attempt === 0) run.failures = Math.min(readiness.attempts, MOST_FAILURES - 1);

    enter(run, 'waiting_for_place');
    const attempt = readiness.attempts + 1;
    const started = await start({ ...ref, attempt });
    if ('superseded' in started) return 'superseded';
    if ('absent' in started) continue;
    run.attempt = attempt;

    const end = 'again' in started ? started : await runAttempt(run, started);
    if (end === 'superseded' || 'superseded' in end) return 'superseded';
    if ('result_id' in end) return 'completed';
    run.error_type = end.error_type;
    const again = countFailure(run, end);
    const isOver = again === 'never';
    const ended = await jobActivities.endAttempt({
      ...ref,
      error_type: end.error_type,
      message: end.message,
      again,
    });
    // One that could not be begun may never have had the job, which then waits as before.
    if ('superseded' in ended && 'again' in started && !isOver) {
      await sleep(UNBEGUN_PAUSE);
      continue;
    }
    if ('superseded' in ended && 'again' in started) return failUnclaimed(run, ref, end);
    if ('superseded' in ended) return 'superseded';
    if ('result_id' in ended) return 'completed';
    if ('failed' in ended) return 'failed';
    enter(run, 'waiting_to_retry');
    await sleep(ended.retry_in_seconds * 1000);
  }
}

/** @returns why the attempt could not be begun, where it could not */
async function start(input: StartInput): Promise<Start | Exclude<AttemptFailure, 'superseded'>> {
  try {
    return await placeActivities().startJob(input);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = attemptFailureOf(error);
    return failure === 'superseded' ? { superseded: true } : failure;
  }
}

async function failUnclaimed(
  run: JobRun,
  ref: JobRef,
  { error_type, message }: Failure,
): Promise<JobOutcome> {
  run.error_type = error_type;
  const answer = await jobActivities.failJob({ ...ref, error_type, message });
  return 'failed' in answer ? 'failed' : 'superseded';
}

/** A job that was cancelled has failed, for whoever waits for its interview. */
async function cancelJob(run: JobRun, ref: JobRef): Promise<JobOutcome> {
  run.error_type = CANCELLED.error_type;
  // Claimed by this run, or by nobody yet.
  const claimed = await jobActivities.endAttempt({ ...ref, ...CANCELLED, again: 'never' });
  const answer = 'failed' in claimed ? claimed : await jobActivities.failJob({ ...ref, ...CANCELLED });
  return 'failed' in answer ? 'cancelled' : 'superseded';
}

function failureOf({ job_id: id, error_type: errorType, attempt }: JobRun): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `Job ${id} failed as ${errorType}, after ${attempt} attempts; its document says why.`,
    'InterviewJobFailed',
  );
}
