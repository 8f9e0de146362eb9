import {
  QueryNotRegisteredError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type Client,
  type WorkflowClientInterceptor,
  type WorkflowHandle,
} from '@temporalio/client';
import { HANDLERS } from '../../contract/names.js';
import type { KeyRing } from '../../platform/crypto/key-ring.js';
import { connectClient } from '../connection.js';
import { withDeadline } from '../deadline.js';
import { watchLiveWorkers } from '../live-workers.js';
import { findRetriedSteps } from './retried-steps.js';
import { innermostMessage, noWorkerAnswered, toRunError, workflowTaskFails } from './run-errors.js';
import type { Build, RunDescription, RunLimits, RunState, Runs, RunSummary } from './runs.js';

/** A worker that lives answers a query within milliseconds; beyond this there is none. */
const QUERY_TIMEOUT_MS = 5_000;
/** An update may wait for the workflow task in progress. */
const UPDATE_TIMEOUT_MS = 15_000;

const STATES: Partial<Record<string, RunState>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'canceled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed_out',
};

/**
 * @param keys what payloads are encrypted with, as of {@link connectClient}
 * @param interceptors see every call that starts or asks a run
 * @throws DependencyUnavailable when Temporal cannot be reached
 */
export async function connectTemporalRuns(
  keys: KeyRing | undefined,
  interceptors: readonly WorkflowClientInterceptor[] = [],
): Promise<Runs> {
  return createTemporalRuns(await connectClient(keys, { interceptors }));
}

/** Runs as a Temporal client sees them. Closes the client's connection in the end. */
export function createTemporalRuns(client: Client): Runs {
  const handleOf = (workflowId: string): WorkflowHandle => client.workflow.getHandle(workflowId);
  const within = <T>(ms: number, call: () => Promise<T>): Promise<T> => withDeadline(client, call, ms);
  const asking = async <T>(workflowId: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw toRunError(error, workflowId, client.options.namespace);
    }
  };

  const buildsFor = async (workflowId: string): Promise<Build[]> => {
    const { taskQueue } = await within(QUERY_TIMEOUT_MS, () => handleOf(workflowId).describe());
    const { alive, unsure } = await watchLiveWorkers(client, taskQueue)();
    const builds = [...alive, ...unsure].flatMap(({ build }) => build ?? []);
    return [...new Map(builds.map((build) => [build.buildId, build])).values()];
  };

  return {
    start: ({ workflowType, workflowId, taskQueue, input, title }) =>
      asking(workflowId, async () => {
        try {
          const handle = await client.workflow.start(workflowType, {
            workflowId,
            taskQueue,
            args: [input],
            ...title,
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
          });
          return { runId: handle.firstExecutionRunId, started: true };
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
          const { runId } = await handleOf(workflowId).describe();
          return { runId, started: false };
        }
      }),

    describe: (workflowId) =>
      asking(workflowId, async (): Promise<RunDescription> => {
        const found = await handleOf(workflowId).describe();
        return {
          workflow_id: workflowId,
          run_id: found.runId,
          workflow_type: found.type,
          task_queue: found.taskQueue,
          state: STATES[found.status.name] ?? 'running',
          started_at: found.startTime.toISOString(),
          closed_at: found.closeTime?.toISOString() ?? null,
        };
      }),

    status: (workflowId) =>
      asking(workflowId, async () => {
        try {
          const summary = await within(QUERY_TIMEOUT_MS, () =>
            handleOf(workflowId).query<RunSummary>(HANDLERS.status),
          );
          return { kind: 'answered', summary };
        } catch (error) {
          if (error instanceof QueryNotRegisteredError) return { kind: 'not_ready' };
          if (workflowTaskFails(error)) return { kind: 'stuck' };
          if (noWorkerAnswered(error)) return { kind: 'no_worker', builds: await buildsFor(workflowId) };
          throw error;
        }
      }),

    retriedSteps: (workflowId) => asking(workflowId, () => findRetriedSteps(client, workflowId)),

    end: ({ workflow_id: workflowId, run_id: runId, state }) =>
      asking(workflowId, async () => {
        try {
          const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
          return { state: 'completed', summary: (await handle.result()) as RunSummary };
        } catch (error) {
          if (error instanceof WorkflowFailedError) return { state, failure: innermostMessage(error) };
          throw error;
        }
      }),

    signal: (workflowId, signal) => asking(workflowId, () => handleOf(workflowId).signal(signal)),

    setLimits: (workflowId, changes) =>
      asking(workflowId, () =>
        within(UPDATE_TIMEOUT_MS, () =>
          handleOf(workflowId).executeUpdate<RunLimits, [typeof changes]>(HANDLERS.setLimits, {
            args: [changes],
          }),
        ),
      ),

    close: () => client.connection.close(),
  };
}
