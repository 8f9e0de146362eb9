import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { ReceiveActivities } from '../activities/shared/activity-types.js';
import type {
  RecordingHostActivities,
  OrchestratorActivities,
} from '../activities/recordings/activity-types.js';
import { hostTaskQueue } from '../contract/names.js';
import { inferenceTaskQueue } from '../pipelines/recordings/contract/names.js';
import type { KeyRing } from '../platform/crypto/key-ring.js';
import type { Tracing } from '../platform/tracing/start-tracing.js';
import { createDataConverter } from '../temporal/encryption/data-converter.js';
import { workerIdentity } from '../temporal/live-worker.js';
import { allOrNone, runTogether } from './run-together.js';
import { batchSlots, type HeldBatches } from './batch-slots.js';

export interface OrchestratorRole {
  activities: OrchestratorActivities;
  /** Undefined: takes workflows without being made current first. */
  version: WorkerDeploymentVersion | undefined;
}

export interface InferenceRole {
  receive: ReceiveActivities;
  host: RecordingHostActivities;
  batches: HeldBatches;
  hostId: string;
  maxConcurrency: number;
}

export interface StartWorkersOptions {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  /** What payloads are encrypted with; undefined writes them plain. */
  payloadKeys: KeyRing | undefined;
  /** undefined where nothing is traced. */
  tracing: Pick<Tracing, 'interceptors' | 'sinks'> | undefined;
  shutdownGraceSeconds: number;
  orchestrator: OrchestratorRole | undefined;
  inference: InferenceRole | undefined;
}

/** The Temporal workers of one process, by what stopping them means. */
export interface RunningWorkers {
  /** Takes new batches; the first to stop. */
  readonly receiver: Worker | undefined;
  /** The others: workflows, discovery, and the stages of batches that are held. */
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

/** Workflows are cached between tasks; a batch's workflow is small, and 500 of them fit any orchestrator. */
const MAX_CACHED_WORKFLOWS = 500;

/** Starts the process's workers on one connection, which must be closed only after all of them have stopped. */
export async function startWorkers(options: StartWorkersOptions): Promise<RunningWorkers> {
  const { connection, namespace, taskQueue, payloadKeys, tracing, orchestrator, inference } = options;
  const shared: WorkerOptions = {
    ...SHARED,
    connection,
    namespace,
    taskQueue,
    dataConverter: createDataConverter(payloadKeys),
    identity: workerIdentity(),
    ...(tracing && { interceptors: tracing.interceptors }),
  };
  const making: Promise<Worker>[] = [];

  if (orchestrator !== undefined) {
    making.push(
      Worker.create({
        ...shared,
        ...workflowCode({ encrypted: payloadKeys !== undefined, traced: tracing !== undefined }),
        ...(tracing && { sinks: tracing.sinks }),
        ...versioning(orchestrator.version),
        activities: orchestrator.activities,
        maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
      }),
    );
  }
  if (inference !== undefined) {
    // The first of all.
    making.unshift(
      Worker.create({
        ...shared,
        identity: workerIdentity(inference.maxConcurrency),
        taskQueue: inferenceTaskQueue(taskQueue),
        activities: inference.receive,
        // The others are stopped when the grace is used up or not needed, and then at once.
        shutdownGraceTime: `${options.shutdownGraceSeconds} seconds`,
        tuner: {
          activityTaskSlotSupplier: batchSlots(inference.maxConcurrency, inference.batches),
          workflowTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
          localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
          nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
        },
      }),
    );
    making.push(
      Worker.create({
        ...shared,
        taskQueue: hostTaskQueue(taskQueue, inference.hostId),
        activities: inference.host,
        // Every batch held may run a stage, and a release beside it.
        maxConcurrentActivityTaskExecutions: inference.maxConcurrency * 2,
      }),
    );
  }

  const all = await allOrNone(making);
  const receiver = inference === undefined ? undefined : all[0];
  return { receiver, others: all.filter((worker) => worker !== receiver), stopped: runTogether(all) };
}

/**
 * Runs go on with the build that is current: a night lasts for hours and an incremental run for days, and one that was pinned would
 * stand still when the last process of its build is gone. What a build changes in workflows is made safe by patches and replays.
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

/** The bundle that the build made, which starts a worker in a third of the time; without one, the sources. */
function workflowCode(parts: {
  encrypted: boolean;
  traced: boolean;
}): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  // They differ in how a failure is written (its message plain, or in a payload that the worker encrypts), and in
  // whether they make spans; their decisions are the same.
  const suffix = `${parts.traced ? '.traced' : ''}${parts.encrypted ? '.encrypted' : ''}`;
  const codePath = join(__dirname, '..', `workflow-bundle${suffix}.js`);
  return existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : { workflowsPath: join(__dirname, '..', 'workflows') };
}
