import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { WORKFLOW_TYPES } from '../../pipelines/recordings/contract/names.js';
import { SEARCH_ATTRIBUTES } from '../search-attributes.js';
import { withDeadline } from '../deadline.js';
import { toRunError } from './run-errors.js';
import type { RunState } from './runs.js';

/** What visibility knows of one run: no counts, but it costs no worker anything. */
export interface ListedRun {
  workflow_id: string;
  run_id: string;
  workflow_type: string;
  test_date: string | null;
  source_collection: string | null;
  mode: string | null;
  queue: string | null;
  status: string | null;
  state: RunState;
  started_at: string;
  closed_at: string | null;
}

export interface RunFilter {
  testDate?: string | undefined;
  /** What the run said of itself last. */
  status?: string | undefined;
  /** The queue's name. */
  queue?: string | undefined;
  /** Only runs that have not ended. */
  open?: boolean;
}

export interface RunPage {
  runs: ListedRun[];
  /** Opaque; undefined on the last page. */
  nextPageToken: Uint8Array | undefined;
}

/** A list or a count that takes longer helps nobody who waits for it. */
const LIST_TIMEOUT_MS = 5_000;

const { WorkflowExecutionStatus } = temporal.api.enums.v1;
const STATES = new Map<number, RunState>([
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING, 'running'],
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_PAUSED, 'running'],
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED, 'completed'],
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED, 'failed'],
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED, 'canceled'],
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED, 'terminated'],
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT, 'timed_out'],
]);

/**
 * One page of the runs of dates and queues, the latest first. Visibility may lag behind by a second or two.
 *
 * @throws InvalidInput for a page token that the server did not give
 * @throws DependencyUnavailable when Temporal does not answer
 */
export async function listRuns(
  client: Client,
  filter: RunFilter,
  pageSize: number,
  pageToken?: Uint8Array,
): Promise<RunPage> {
  const { namespace } = client.options;
  try {
    const request = {
      namespace,
      pageSize,
      query: runQuery(filter),
      ...(pageToken === undefined ? {} : { nextPageToken: pageToken }),
    };
    const page = await withDeadline(
      client,
      () => client.workflowService.listWorkflowExecutions(request),
      LIST_TIMEOUT_MS,
    );
    return {
      runs: page.executions.map(readRun),
      nextPageToken: page.nextPageToken.length > 0 ? page.nextPageToken : undefined,
    };
  } catch (error) {
    throw toRunError(error, 'the list of runs', namespace);
  }
}

/**
 * How many runs {@link listRuns} would list on all its pages.
 *
 * @throws DependencyUnavailable when Temporal does not answer
 */
export async function countRuns(client: Client, filter: RunFilter): Promise<number> {
  const { namespace } = client.options;
  try {
    const request = { namespace, query: runQuery(filter) };
    const { count } = await withDeadline(
      client,
      () => client.workflowService.countWorkflowExecutions(request),
      LIST_TIMEOUT_MS,
    );
    return Number(count);
  } catch (error) {
    throw toRunError(error, 'the number of runs', namespace);
  }
}

/** Values are quoted, and hold no quotes: dates, statuses and queue names come checked. */
function runQuery({ testDate, status, queue, open }: RunFilter): string {
  const is = (name: string, value: string): string => `${name} = "${value.replace(/["\\]/g, '')}"`;
  return [
    `WorkflowType IN ("${WORKFLOW_TYPES.discovery}", "${WORKFLOW_TYPES.ingest}")`,
    open === true ? is('ExecutionStatus', 'Running') : 'ExecutionStatus != "ContinuedAsNew"',
    ...(testDate === undefined ? [] : [is(SEARCH_ATTRIBUTES.testDate.name, testDate)]),
    ...(status === undefined ? [] : [is(SEARCH_ATTRIBUTES.status.name, status)]),
    ...(queue === undefined ? [] : [is(SEARCH_ATTRIBUTES.queue.name, queue)]),
  ].join(' AND ');
}

function readRun(found: temporal.api.workflow.v1.IWorkflowExecutionInfo): ListedRun {
  const attribute = ({ name }: { name: string }): string | null => {
    const payload = found.searchAttributes?.indexedFields?.[name];
    const value: unknown = payload == null ? null : defaultPayloadConverter.fromPayload(payload);
    const single: unknown = Array.isArray(value) ? value[0] : value;
    return typeof single === 'string' ? single : null;
  };
  return {
    workflow_id: found.execution?.workflowId ?? '',
    run_id: found.execution?.runId ?? '',
    workflow_type: found.type?.name ?? '',
    test_date: attribute(SEARCH_ATTRIBUTES.testDate),
    source_collection: attribute(SEARCH_ATTRIBUTES.sourceCollection),
    mode: attribute(SEARCH_ATTRIBUTES.mode),
    queue: attribute(SEARCH_ATTRIBUTES.queue),
    status: attribute(SEARCH_ATTRIBUTES.status),
    state: STATES.get(found.status ?? 0) ?? 'running',
    started_at: instant(found.startTime) ?? new Date(0).toISOString(),
    closed_at: instant(found.closeTime),
  };
}

function instant(time: { seconds?: unknown; nanos?: number | null } | null | undefined): string | null {
  if (time == null) return null;
  return new Date(Number(time.seconds ?? 0) * 1000 + Math.floor((time.nanos ?? 0) / 1e6)).toISOString();
}
