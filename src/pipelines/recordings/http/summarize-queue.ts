import type { Client } from '@temporalio/client';
import { addCounts } from '../../../contract/counts.js';
import { noOutcomes } from '../contract/outcome.js';
import { countRuns, listRuns } from '../../../temporal/runs/list-runs.js';
import { NoSuchRun } from '../../../temporal/runs/run-errors.js';
import type { Runs, StatusAnswer } from '../../../temporal/runs/runs.js';
import { settled } from '../contract/settled.js';
import { RUN_TYPES, type RecordingsSummary } from '../contract/run-summary.js';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.js';
import type { QueueStats } from './schemas.js';

/** Each is asked by a query for its counts: so many cost Temporal little, and more rarely share a queue. */
const MOST_RUNS_ASKED = 10;
/** Rates over less say nothing. */
const LEAST_MINUTES = 1 / 60;

/**
 * Totals of the runs under way on a queue. They cover the runs that answer; how many there are besides is told, since a total that
 * leaves out a run without saying so reads like a standstill.
 *
 * @param queue its name
 * @throws DependencyUnavailable when Temporal does not answer
 */
export async function summarizeQueue(
  client: Client,
  runs: Pick<Runs, 'status'>,
  queue: string,
): Promise<Omit<QueueStats, 'queue' | 'this_process' | 'measured_at'>> {
  const filter = {
    workflowTypes: RUN_TYPES,
    attributes: { [SEARCH_ATTRIBUTES.queue.name]: queue },
    open: true,
  };
  const [counted, page] = await Promise.all([
    countRuns(client, filter),
    listRuns(client, filter, MOST_RUNS_ASKED),
  ]);
  const answers = await Promise.all(page.runs.map(({ workflow_id: id }) => runs.status(id).catch(gone)));
  const summaries = answers.flatMap((answer) =>
    answer.kind === 'answered' ? [answer.summary as RecordingsSummary] : [],
  );
  const outcomes = summaries.reduce((total, run) => addCounts(total, run.outcomes), noOutcomes());
  const judged = outcomes.completed + outcomes.failed_pre_inference;
  const rates = summaries.map(recordsPerMinute);
  // The two look one after the other at what changes meanwhile.
  const underWay = Math.max(counted, page.runs.length);
  return {
    runs_under_way: underWay,
    runs_answered: summaries.length,
    complete: summaries.length === underWay,
    outcomes,
    success_rate: judged === 0 ? null : outcomes.completed / judged,
    records_per_minute: rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0),
    lanes: summaries.reduce((sum, { lanes }) => sum + lanes, 0),
  };
}

/** Visibility lags behind: what it lists may have been deleted. */
function gone(error: unknown): StatusAnswer {
  if (error instanceof NoSuchRun) return { kind: 'not_ready' };
  throw error;
}

function recordsPerMinute(summary: RecordingsSummary): number {
  const minutes = (Date.now() - Date.parse(summary.started_at)) / 60_000;
  return settled(summary.outcomes) / Math.max(LEAST_MINUTES, minutes);
}
