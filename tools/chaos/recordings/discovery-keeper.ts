import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { HANDLERS } from '#vachan/contract/names.js';
import { discoveryWorkflowId, WORKFLOW_TYPES } from '#vachan/pipelines/recordings/contract/names.js';
import type { DiscoveryInput } from '#vachan/pipelines/recordings/contract/workflow-inputs.js';
import type { DiscoverySummary } from '#vachan/pipelines/recordings/contract/workflow-results.js';
import { STACK_SOURCE_COLLECTION } from '../../stack/start-stack.js';
import { createTemporalCalls } from '../temporal-calls.js';

/** Looks after the date's discovery as an operator would: starts it, starts it again, ends it in good order. */
export interface DiscoveryKeeper {
  /** Starts it if it does not run. Rejects while Temporal does not answer. */
  keepRunning(): Promise<void>;
  status(): Promise<DiscoverySummary>;
  /** Of the main run's newest history. */
  history(): Promise<{ events: number; bytes: number }>;
  /** Resolves to false when it does not run just now. */
  terminate(): Promise<boolean>;
  /** Resolves to false when an earlier second one still runs. */
  startSecond(): Promise<boolean>;
  /** Tells every run to finish; resolves to true when none is left. */
  drain(): Promise<boolean>;
  /** How often it was started. */
  starts(): number;
}

export interface KeeperOptions {
  /** Where the server is now. */
  address: () => string;
  taskQueue: string;
  testDate: string;
  /** Of the main run. @default the server's own */
  historyEventLimit?: number | undefined;
}

/** A second run sends so many rows that the first has sent, too, or will. */
const SECOND_RUN_RECORDS = 300;

export function createDiscoveryKeeper(options: KeeperOptions): DiscoveryKeeper {
  const { address, taskQueue, testDate, historyEventLimit } = options;
  // Arenas on the same server have task queues of their own.
  const workflowId = `${discoveryWorkflowId(STACK_SOURCE_COLLECTION, testDate)}:${taskQueue}`;
  let starts = 0;
  let seconds = 0;

  const withClient = createTemporalCalls(address);
  const start = (client: Client, id: string, input: Partial<DiscoveryInput>): Promise<unknown> =>
    client.workflow.start(WORKFLOW_TYPES.discovery, {
      ...{ workflowId: id, taskQueue, workflowIdConflictPolicy: 'USE_EXISTING' },
      args: [{ test_date: testDate, ...input }],
    });

  return {
    keepRunning: () =>
      withClient(async (client) => {
        if (await isRunning(client, workflowId)) return;
        await start(client, workflowId, {
          mode: 'incremental',
          ...(historyEventLimit !== undefined && { history_event_limit: historyEventLimit }),
        });
        starts += 1;
      }),
    status: () =>
      withClient((client) => client.workflow.getHandle(workflowId).query<DiscoverySummary>(HANDLERS.status)),
    history: () =>
      withClient(async (client) => {
        const { historyLength, historySize = 0 } = await client.workflow.getHandle(workflowId).describe();
        return { events: historyLength, bytes: historySize };
      }),
    terminate: () =>
      withClient(async (client) => {
        if (!(await isRunning(client, workflowId))) return false;
        await client.workflow.getHandle(workflowId).terminate('chaos');
        return true;
      }),
    startSecond: () =>
      withClient(async (client) => {
        // One at a time, and of limited length, is enough to fight over the run.
        if (await isRunning(client, `${workflowId}:second-${seconds}`)) return false;
        seconds += 1;
        await start(client, `${workflowId}:second-${seconds}`, {
          ...{ mode: 'backfill', max_records: SECOND_RUN_RECORDS },
        });
        return true;
      }),
    drain: () =>
      withClient(async (client) => {
        let left = 0;
        for await (const { workflowId: id, type } of client.workflow.list({
          query: `ExecutionStatus="Running" AND TaskQueue="${taskQueue}"`,
        })) {
          left += 1;
          if (type === WORKFLOW_TYPES.discovery) await client.workflow.getHandle(id).signal(HANDLERS.drain);
        }
        return left === 0;
      }),
    starts: () => starts,
  };
}

function isRunning(client: Client, workflowId: string): Promise<boolean> {
  return client.workflow
    .getHandle(workflowId)
    .describe()
    .then(({ status }) => status.name === 'RUNNING')
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    });
}
