import { NoSuchRun } from '../../../temporal/runs/run-errors.js';
import { explainMissingStatus } from '../../../temporal/runs/explain-missing-status.js';
import type { RunDescription, Runs, RunState } from '../../../temporal/runs/runs.js';
import { jobWorkflowId, type JobRef } from '../contract/job-ref.js';
import type { ExportJobStatus } from '../contract/job-status.js';
import type { AlreadyDone, ExportResult } from '../contract/result.js';
import type { ExportState } from '../state/job-state.js';

/** What is known of a job: by Temporal while it remembers the run, and by S3 from its first result on. */
export interface JobDescription extends JobRef {
  workflow_id: string;
  /** What Temporal says of the latest run; null for one that it has forgotten. */
  run: Pick<RunDescription, 'run_id' | 'state' | 'started_at' | 'closed_at'> | null;
  /** How it ended last; the run's own word while it runs. */
  state: string;
  status: ExportJobStatus | null;
  result: ExportResult | null;
  /** Why there is neither status nor result. */
  missing: string | null;
}

/** @throws NoSuchRun for a job that neither knows, DependencyUnavailable */
export async function describeJob(
  runs: Pick<Runs, 'describe' | 'status' | 'end'>,
  state: Pick<ExportState, 'of'>,
  job: JobRef,
): Promise<JobDescription> {
  const workflow_id = jobWorkflowId(job);
  const [run, result] = await Promise.all([
    runs.describe(workflow_id).catch((error: unknown) => {
      if (error instanceof NoSuchRun) return null;
      throw error;
    }),
    state.of(job).result(),
  ]);
  if (run === null && result === undefined) {
    throw new NoSuchRun(
      `${job.export_id} of source ${job.source} is no job: none has run, and S3 keeps no result of one.`,
    );
  }
  const known = { ...job, workflow_id, result: result ?? null };
  if (run === null) return { ...known, run: null, state: result!.state, status: null, missing: null };
  const told = { run_id: run.run_id, state: run.state, started_at: run.started_at, closed_at: run.closed_at };
  if (run.state === 'running') {
    const answer = await runs.status(workflow_id);
    if (answer.kind === 'answered') {
      const status = answer.summary as unknown as ExportJobStatus;
      return { ...known, run: told, state: status.paused ? 'paused' : status.stage, status, missing: null };
    }
    return {
      ...known,
      run: told,
      state: 'running',
      status: null,
      missing: explainMissingStatus(answer, run),
    };
  }
  const end = await runs.end(run);
  if ('summary' in end) {
    const ended = end.summary as unknown as ExportResult | AlreadyDone;
    return { ...known, run: told, state: ended.state, status: null, missing: null };
  }
  return { ...known, run: told, state: endedState(run.state, result), status: null, missing: end.failure };
}

/** A run that was terminated has written no result; the one in S3 is an earlier attempt's. */
function endedState(state: RunState, result: ExportResult | undefined): string {
  return state === 'failed' && result !== undefined ? result.state : state;
}
