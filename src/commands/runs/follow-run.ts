import { DependencyUnavailable } from '../../platform/errors.js';
import type { RunProgress } from './run-progress.js';
import type { RunView } from './run-view.js';
import { explainMissingStatus } from '../../temporal/runs/explain-missing-status.js';
import type { RetriedStep, RunDescription, RunEnd, Runs, RunSummary } from '../../temporal/runs/runs.js';

/** Often enough for a bar to look alive; a query costs the run's worker well under a millisecond. */
const POLL_MS = 1_000;
/** A server that restarts is back by then, and a run must survive that. */
const GIVE_UP_AFTER_MS = 5 * 60_000;
/** A question for each batch under way, and what is tried again is tried for minutes. */
const ASK_WHY_EVERY_MS = 5_000;

export interface FollowOptions {
  /** Undefined for a run of an unknown kind. */
  viewOf: (description: RunDescription, summary: RunSummary) => RunView | undefined;
  runs: Pick<Runs, 'describe' | 'status' | 'retriedSteps' | 'end'>;
  workflowId: string;
  progress: RunProgress;
  /** Aborts when the person wants to leave; the run goes on. */
  signal: AbortSignal;
  now: () => Date;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The ended run, or `detached` when the signal aborted first. */
export type FollowEnd = { description: RunDescription; end: RunEnd } | 'detached';

/**
 * Watches a run until it ends.
 *
 * @throws DependencyUnavailable when Temporal has not answered for five minutes
 */
export async function followRun(options: FollowOptions): Promise<FollowEnd> {
  const { progress, signal, now, sleep } = options;
  let silentSinceMs: number | undefined;
  const retriedSteps = nowAndThen(options);
  while (!signal.aborted) {
    try {
      const ended = await look(options, retriedSteps);
      if (ended !== undefined) return ended;
      silentSinceMs = undefined;
    } catch (error) {
      if (!(error instanceof DependencyUnavailable)) throw error;
      silentSinceMs ??= now().getTime();
      if (now().getTime() - silentSinceMs > GIVE_UP_AFTER_MS) throw error;
      progress.remark('Temporal does not answer; trying on');
    }
    await sleep(POLL_MS, signal);
  }
  return 'detached';
}

async function look(
  { runs, workflowId, progress, viewOf }: FollowOptions,
  retriedSteps: () => Promise<readonly RetriedStep[]>,
): Promise<FollowEnd | undefined> {
  const description = await runs.describe(workflowId);
  if (description.state !== 'running') return { description, end: await runs.end(description) };
  const answer = await runs.status(workflowId);
  if (answer.kind === 'answered') {
    const view = viewOf(description, answer.summary);
    if (view === undefined) progress.remark('running');
    else progress.show(view, await retriedSteps());
  } else if (answer.kind === 'not_ready') progress.remark('starting');
  else if (answer.kind === 'no_worker' && answer.builds.length === 0) {
    progress.remark(`waiting for a worker on task queue ${description.task_queue} (npm run worker)`);
  } else progress.remark(explainMissingStatus(answer, description));
  return undefined;
}

/** The steps that are tried again, as they were some seconds ago at the most. */
function nowAndThen({ runs, workflowId, now }: FollowOptions): () => Promise<readonly RetriedStep[]> {
  let known: readonly RetriedStep[] = [];
  let askedAt = -Infinity;
  return async () => {
    const at = now().getTime();
    if (at - askedAt >= ASK_WHY_EVERY_MS) {
      known = await runs.retriedSteps(workflowId);
      askedAt = at;
    }
    return known;
  };
}
