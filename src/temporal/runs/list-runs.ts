import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { withDeadline } from '../deadline.js';
import { toRunError } from './run-errors.js';
import type { RunState } from './runs.js';

/** What visibility knows of one run: no counts, but it costs no worker anything. */
export interface ListedRun {
  workflow_id: string;
  run_id: string;
  workflow_type: string;
  state: RunState;
  started_at: string;
  closed_at: string | null;
  /** Those search attributes that are keywords, by name. */
  attributes: Readonly<Partial<Record<string, string>>>;
}

export interface RunFilter {
  workflowTypes: readonly string[];
  /** Keywords that the search attributes of these names are to be equal to; undefined leaves one out. */
  attributes?: Readonly<Record<string, string | undefined>>;
  /** Only runs that have not ended. */
  open?: boolean;
  /** Only runs that started then or later. */
  startedFromMs?: number | undefined;
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
 * One page of runs, the latest first. Visibility may lag behind by a second or two.
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

/** Values are quoted, and hold no quotes: they come checked. */
function runQuery({ workflowTypes, attributes = {}, open, startedFromMs }: RunFilter): string {
  const is = (name: string, value: string): string => `${name} = "${value.replace(/["\\]/g, '')}"`;
  return [
    `WorkflowType IN (${workflowTypes.map((type) => `"${type}"`).join(', ')})`,
    open === true ? is('ExecutionStatus', 'Running') : 'ExecutionStatus != "ContinuedAsNew"',
    ...(startedFromMs === undefined ? [] : [`StartTime >= "${new Date(startedFromMs).toISOString()}"`]),
    ...Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [is(name, value)])),
  ].join(' AND ');
}

function readRun(found: temporal.api.workflow.v1.IWorkflowExecutionInfo): ListedRun {
  const fields = Object.entries(found.searchAttributes?.indexedFields ?? {});
  return {
    workflow_id: found.execution?.workflowId ?? '',
    run_id: found.execution?.runId ?? '',
    workflow_type: found.type?.name ?? '',
    state: STATES.get(found.status ?? 0) ?? 'running',
    started_at: instant(found.startTime) ?? new Date(0).toISOString(),
    closed_at: instant(found.closeTime),
    attributes: Object.fromEntries(
      fields.flatMap(([name, payload]) => {
        const value: unknown = defaultPayloadConverter.fromPayload(payload);
        const single: unknown = Array.isArray(value) ? value[0] : value;
        return typeof single === 'string' ? [[name, single]] : [];
      }),
    ),
  };
}

function instant(time: { seconds?: unknown; nanos?: number | null } | null | undefined): string | null {
  if (time == null) return null;
  return new Date(Number(time.seconds ?? 0) * 1000 + Math.floor((time.nanos ?? 0) / 1e6)).toISOString();
}
