import { join } from 'node:path';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { ActivityPoller } from '../pipelines/pipeline.js';
import type { KeyRing } from '../platform/crypto/key-ring.js';
import type { Tracing } from '../platform/tracing/start-tracing.js';
import { createDataConverter } from '../temporal/encryption/data-converter.js';
import { workerIdentity } from '../temporal/live-worker.js';
import { allOrNone, runTogether } from './run-together.js';
import { heldSlots } from './held-slots.js';

/** The workflows of one pipeline, and the activities that only orchestrators have. */
export interface OrchestratorWorker {
  taskQueue: string;
  activities: object;
}

export interface StartWorkersOptions {
  connection: NativeConnection;
  namespace: string;
  /** What payloads are encrypted with; undefined writes them plain. */
  payloadKeys: KeyRing | undefined;
  /** undefined where nothing is traced. */
  tracing: Pick<Tracing, 'interceptors' | 'sinks'> | undefined;
  shutdownGraceSeconds: number;
  /** Of the orchestrators. Undefined: they take workflows without being made current first. */
  version: WorkerDeploymentVersion | undefined;
  /** Instead of the one that the build made. */
  workflowBundle: { codePath: string } | undefined;
  orchestrators: readonly OrchestratorWorker[];
  pollers: readonly ActivityPoller[];
}

/** The Temporal workers of one process, by what stopping them means. */
export interface RunningWorkers {
  /** Take new work; the first to stop. */
  readonly receivers: readonly Worker[];
  /** The others: workflows with their activities, and the stages of work that is held. */
  readonly others: readonly Worker[];
  /** Settles when every worker has stopped; rejects then with what one failed with. */
  readonly stopped: Promise<void>;
}

const SHARED: Partial<WorkerOptions> = {
  // A dead worker's sticky queue delays its workflows by this; the SDK's default is 10 s.
  stickyQueueScheduleToStartTimeout: '2 seconds',
  // The SDK holds heartbeats back to 0.8 × timeout; cancellation reaches an activity with a heartbeat's answer.
  maxHeartbeatThrottleInterval: '5 seconds',
  defaultHeartbeatThrottleInterval: '5 seconds',
};

/** Workflows are cached between tasks. 500 of them took an orchestrator of many long jobs past 512 MB (docs/performance.md). */
const MAX_CACHED_WORKFLOWS = 150;

/** Starts the process's workers on one connection, which must be closed only after all of them have stopped. */
export async function startWorkers(options: StartWorkersOptions): Promise<RunningWorkers> {
  const { connection, namespace, payloadKeys, tracing, version, orchestrators, pollers } = options;
  const shared: Omit<WorkerOptions, 'taskQueue'> = {
    ...SHARED,
    connection,
    namespace,
    dataConverter: createDataConverter(payloadKeys),
    identity: workerIdentity(),
    ...(tracing && { interceptors: tracing.interceptors }),
  };
  const receiving = pollers.filter(({ stops }) => stops === 'first');
  const serving = pollers.filter(({ stops }) => stops === 'last');
  const workflowBundle =
    options.workflowBundle ??
    builtBundle({ encrypted: payloadKeys !== undefined, traced: tracing !== undefined });
  const create = (poller: ActivityPoller): Promise<Worker> =>
    Worker.create({ ...shared, ...pollerOptions(poller, options.shutdownGraceSeconds) });

  const all = await allOrNone([
    ...receiving.map(create),
    ...orchestrators.map(({ taskQueue, activities }) =>
      Worker.create({
        ...shared,
        workflowBundle,
        ...(tracing && { sinks: tracing.sinks }),
        ...versioning(version),
        taskQueue,
        activities,
        maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
      }),
    ),
    ...serving.map(create),
  ]);
  return {
    receivers: all.slice(0, receiving.length),
    others: all.slice(receiving.length),
    stopped: runTogether(all),
  };
}

function pollerOptions(
  { taskQueue, activities, slots, stops, places, maxPerSecond }: ActivityPoller,
  shutdownGraceSeconds: number,
): Pick<WorkerOptions, 'taskQueue'> & Partial<WorkerOptions> {
  return {
    taskQueue,
    activities,
    ...(places !== undefined && { identity: workerIdentity(places) }),
    ...(maxPerSecond !== undefined && { maxTaskQueueActivitiesPerSecond: maxPerSecond }),
    // The others are stopped when the grace is used up or not needed, and then at once.
    ...(stops === 'first' && { shutdownGraceTime: `${shutdownGraceSeconds} seconds` }),
    ...(typeof slots === 'number'
      ? { maxConcurrentActivityTaskExecutions: slots }
      : {
          identity: workerIdentity(slots.places),
          tuner: {
            activityTaskSlotSupplier: heldSlots(slots.places, slots.held, slots.gate),
            workflowTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
            localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
            nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
          },
        }),
  };
}

/**
 * Runs go on with the build that is current: a run lasts for hours and an incremental one for days, and one that was pinned would
 * stall when the last process of its build is gone. What a build changes in workflows is made safe by patches and replays.
 *
 * Only orchestrators are versioned: a batch's stages must reach the host that holds it, whatever build that is.
 */
function versioning(
  version: WorkerDeploymentVersion | undefined,
): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (version === undefined) return {};
  return {
    workerDeploymentOptions: {
      version,
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}

/** The bundle that the build made of the workflows, with the interceptors that they need. */
function builtBundle(parts: { encrypted: boolean; traced: boolean }): { codePath: string } {
  // They differ in how a failure is written (its message plain, or in a payload that the worker encrypts), and in
  // whether they make spans; their decisions are the same.
  const suffix = `${parts.traced ? '.traced' : ''}${parts.encrypted ? '.encrypted' : ''}`;
  return { codePath: join(__dirname, '..', `workflow-bundle${suffix}.js`) };
}
