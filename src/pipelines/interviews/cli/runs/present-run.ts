import type { Row, RunPresentation, RunView } from '../../../../commands/runs/run-view.js';
import type { JobRunStatus } from '../../contract/job-run.js';
import { WORKFLOW_TYPES } from '../../contract/names.js';

/** How runs of jobs are shown: one job is one unit of work. */
export const interviewsRuns: RunPresentation = {
  workflowTypes: [WORKFLOW_TYPES.job],
  targets: [],
  exampleTargets: ['interview-job:65f1c0ffee65f1c0ffee65f1'],
  workflowIdOf: () => Promise.resolve(undefined),
  view: (summary) => viewJob(summary as unknown as JobRunStatus),
};

export function viewJob(job: JobRunStatus): RunView {
  const { outcome, stage, chunks, attempt } = job;
  const isOver = outcome !== undefined;
  return {
    status: outcome ?? job.status,
    startedAt: job.started_at,
    completed: outcome === 'completed',
    done: isOver ? 1 : 0,
    work: { found: 1, all: true },
    failedAttempts: Math.max(0, attempt - 1),
    lanes: stage === 'analysing' ? Math.max(1, Math.min(chunks.total - chunks.done, 1)) : 0,
    workers: { noun: 'worker', alive: undefined },
    outcomes: isOver ? [{ name: outcome, count: 1, failed: outcome === 'failed' }] : [],
    causes: job.error_type === undefined ? undefined : { [job.error_type]: 1 },
    rows: () => rowsOf(job),
    liveRows: () => rowsOf(job),
  };
}

function rowsOf({ stage, attempt, chunks, error_type: errorType }: JobRunStatus): Row[] {
  return [
    ['Stage', `${stage.replaceAll('_', ' ')}${attempt > 1 ? `, attempt ${attempt}` : ''}`],
    ...(chunks.total === 0 ? [] : [['Chunks', `${chunks.done} of ${chunks.total}`] satisfies Row]),
    ...(errorType === undefined ? [] : [['Last failure', errorType] satisfies Row]),
  ];
}
