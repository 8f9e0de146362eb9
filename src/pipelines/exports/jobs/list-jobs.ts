import type { Client } from '@temporalio/client';
import { jobOf, type JobRef } from '../contract/job-ref.js';
import { WORKFLOW_TYPES } from '../contract/names.js';
import { EXPORT_SEARCH_ATTRIBUTES } from '../contract/search-attributes.js';
import { listRuns, type ListedRun } from '../../../temporal/runs/list-runs.js';

export interface JobFilter {
  /** `running`, or how a job ended. */
  state?: string | undefined;
  source?: string | undefined;
  /** Only jobs that started since then. */
  sinceMs?: number | undefined;
}

/** A job as lists show it; its counts are in its result. */
export interface ListedJob extends JobRef {
  workflow_id: string;
  run_id: string;
  state: string;
  started_at: string;
  closed_at: string | null;
}

export interface JobPage {
  jobs: ListedJob[];
  nextPageToken: Uint8Array | undefined;
}

/** Temporal's largest page. */
const PAGE = 1_000;

/**
 * One page of jobs, the latest first; a namespace remembers them for its retention.
 *
 * @throws InvalidInput for a page token that the server did not give, DependencyUnavailable
 */
export async function listJobs(
  client: Client,
  { state, source, sinceMs }: JobFilter,
  pageSize = PAGE,
  pageToken?: Uint8Array,
): Promise<JobPage> {
  const page = await listRuns(
    client,
    {
      workflowTypes: [WORKFLOW_TYPES.job],
      attributes: {
        [EXPORT_SEARCH_ATTRIBUTES.source.name]: source,
        ...(state !== 'running' && { [EXPORT_SEARCH_ATTRIBUTES.state.name]: state }),
      },
      ...(state === 'running' && { open: true }),
      ...(sinceMs !== undefined && { startedFromMs: sinceMs }),
    },
    pageSize,
    pageToken,
  );
  return { jobs: page.runs.flatMap(toJob), nextPageToken: page.nextPageToken };
}

function toJob({ attributes, workflow_type: _type, ...run }: ListedRun): ListedJob[] {
  const job = jobOf(run.workflow_id);
  if (job === undefined) return [];
  const told = attributes[EXPORT_SEARCH_ATTRIBUTES.state.name];
  // A run that was cut short could not say how it ended.
  const state = run.state === 'running' || run.state === 'completed' ? (told ?? run.state) : run.state;
  return [{ ...job, ...run, state: run.state === 'failed' ? (told ?? 'failed') : state }];
}
