import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { hostTaskQueue } from '../../../contract/names.js';
import { usableCores } from '../../../platform/cores.js';
import { memoryUse } from '../../../platform/memory.js';
import type { ProcessParts, WorkerRole } from '../../pipeline.js';
import { chunksTaskQueue, workTaskQueue } from '../contract/names.js';
import type { Reducers } from '../results/combine.js';
import { createMemoryGate, type MemoryState } from './memory-gate.js';
import { openMedia, type Media } from './open-media.js';
import { openReducers } from './open-reducers.js';
import { createHeldJobs, type HeldJobs } from './held-jobs.js';
import type { ActivityParts } from './parts.js';

/** What the activities of the role are made with. */
export interface WorkerClients {
  media: Media;
  /** What makes measures of what was sampled and heard. */
  reducers: Reducers;
  held: HeldJobs;
  hostTaskQueue: string;
  /** Told of a job that this process has taken. */
  onTaken: () => void;
}

/** Makes the activities of the role, which this room does not know. */
export interface WorkerActivities {
  /** Takes a place and a job. */
  place: (parts: ActivityParts, clients: WorkerClients) => object;
  /** Of the process that holds the place. */
  host: (parts: ActivityParts, clients: WorkerClients) => object;
  /** Of any process. */
  chunks: (parts: ActivityParts, clients: WorkerClients) => object;
}

/** Each job held has its place held and a step under way; both may have an attempt that ends and one that begins. */
const TASKS_OF_A_JOB = 4;

/** A process of the pool may be killed while it starts, as at any time; one that cannot start ends the worker. */
const POOL_START_TRIES = 4;

export interface InterviewsWorker extends WorkerRole {
  held: HeldJobs;
  places: number;
  memory: () => MemoryState;
}

/** The worker role of interviews in one process: places for jobs, and the processes that read media. */
export async function startWorkerRole(
  parts: ActivityParts,
  { taskQueue, untilAvailable }: Pick<ProcessParts, 'taskQueue' | 'untilAvailable'>,
  activities: WorkerActivities,
): Promise<InterviewsWorker> {
  const { config } = parts;
  const cores = usableCores();
  const places = config.MAX_CONCURRENT_JOBS;
  const hostId = `${hostname()}-${randomBytes(4).toString('hex')}`;
  const ownTaskQueue = hostTaskQueue(taskQueue, hostId);
  const held = createHeldJobs();
  const reducers = openReducers(config);
  const gate = createMemoryGate({
    thresholdPercent: config.ENABLE_MEMORY_MONITORING ? config.MEMORY_THRESHOLD_PERCENT : undefined,
    mostJobs: places,
    use: memoryUse,
    active: () => held.size,
    recycle: () => media.engine.recycleIdle(),
    log: parts.log,
  });
  const media = await untilAvailable(() => openMedia(parts, cores), POOL_START_TRIES);
  const clients: WorkerClients = {
    ...{ media, reducers, held, hostTaskQueue: ownTaskQueue },
    onTaken: () => gate.reserve(),
  };
  return {
    pollers: [
      {
        taskQueue: workTaskQueue(taskQueue),
        activities: activities.place(parts, clients),
        slots: { places, held, gate },
        stops: 'first',
      },
      {
        taskQueue: chunksTaskQueue(taskQueue),
        activities: activities.chunks(parts, clients),
        slots: { places: cores, gate },
        stops: 'first',
      },
      {
        taskQueue: ownTaskQueue,
        activities: activities.host(parts, clients),
        slots: places * TASKS_OF_A_JOB,
        stops: 'last',
        own: true,
      },
    ],
    services: [gate],
    held,
    checks: [{ name: 'memory', check: () => gate.check() }],
    facts: { host_id: hostId, media_processes: cores },
    state: () => stateOf(gate.state()),
    memory: () => gate.state(),
    places,
    close: async () => {
      await media.close();
      reducers.close();
    },
  };
}

/** As health shows it. */
function stateOf({ used, constrained, recommendedJobs }: MemoryState): Record<string, unknown> {
  return used === undefined
    ? {}
    : {
        memory_usage: `${Math.round(used * 100)}%`,
        ...(constrained && { status: 'memory_constrained' }),
        recommended_jobs: recommendedJobs,
      };
}
