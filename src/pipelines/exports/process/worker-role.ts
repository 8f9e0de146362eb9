import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { hostTaskQueue } from '../../../contract/names.js';
import { createConsumer, type Consumer } from '../../../queue/consume.js';
import type { WeightedQueue } from '../../../queue/queue-turns.js';
import { InvalidInput } from '../../../platform/errors.js';
import { watchLiveWorkers } from '../../../temporal/live-workers.js';
import type { WorkerRole } from '../../pipeline.js';
import { readDownloadTask, type DownloadTaskMessage } from '../contract/messages.js';
import { workTaskQueue } from '../contract/names.js';
import { PRIORITIES, type Priority } from '../contract/priority.js';
import type { MessageOutcome } from '../metrics/outcomes.js';
import type { SettleFile } from '../work/settle-file.js';
import { createClaim, isTaskRunning } from './claim-task.js';
import type { HeldTasks } from './held-task.js';
import { createHeldTasks } from './held-tasks.js';
import type { ExportParts } from './parts.js';
import { createRateShare } from './rate-share.js';
import { asReadResult } from './read-result.js';
import { createRedrive } from './redriven-task.js';
import { createSettleFile } from './settle-file.js';
import { createStartJob } from './start-job.js';
import { createTasksHandler } from './tasks-handler.js';

/** How often each queue of tasks is read while all have messages. */
const WEIGHTS: Readonly<Record<Priority, number>> = { high: 8, normal: 3, low: 1 };

/** Joining a result streams fragments: two at once keep a worker's memory and leave its tasks the processor. */
const JOINS_AT_ONCE = 2;

/** Makes the activities of the role, which this room does not know. */
export interface WorkerActivities {
  /** Of any worker process: joins, sweeps. */
  work: (parts: ExportParts) => object;
  /** Of the process that holds the message. */
  task: (
    parts: ExportParts,
    held: HeldTasks,
    settleFile: SettleFile,
  ) => {
    activities: object;
    close: () => Promise<void>;
  };
}

export interface ExportsWorker extends WorkerRole {
  tasks: Consumer;
}

/** The worker role of exports in one process: it reads tasks' messages, and works on those that it holds. */
export function startWorkerRole(
  parts: ExportParts,
  taskQueue: string,
  activities: WorkerActivities,
): ExportsWorker {
  const { config, dependencies, metrics, log } = parts;
  const places = config.DOWNLOAD_TASKS_PLACES;
  const hostId = `${hostname()}-${randomBytes(4).toString('hex')}`;
  const processQueue = hostTaskQueue(taskQueue, hostId);
  const held = createHeldTasks();
  // Temporal can be asked only once the services start.
  let look: ReturnType<typeof watchLiveWorkers> | undefined;
  const claim = { process_queue: processQueue, heartbeat_timeout: config.EXPORT_HEARTBEAT_TIMEOUT };

  const tasks = createConsumer<DownloadTaskMessage>({
    queues: taskQueues(dependencies.tasksQueue),
    places,
    visibilityTimeoutSeconds: config.SQS_VISIBILITY_TIMEOUT_SECONDS,
    yieldAfterSeconds: config.EXPORT_YIELD_AFTER,
    shutdownGraceSeconds: config.SHUTDOWN_GRACE_SECONDS,
    read: ({ body }) => asReadResult(readDownloadTask(body)),
    handle: (consumed) => {
      const { source } = consumed.message;
      // Another worker may know it: the message comes again, and in the end is a dead letter.
      if (!dependencies.sources.has(source))
        throw new InvalidInput(`No Export API is known of source ${source}.`);
      return handle(consumed);
    },
    findDeadLetters: dependencies.findDeadLetters,
    onReceived: (queueUrl, { receiveCount, sentAtMs }) => {
      const first = receiveCount === 1 && sentAtMs !== undefined ? [sentAtMs] : [];
      metrics.received(queueUrl, 1, first, Date.now());
      if (receiveCount > 1) metrics.addRetries('delivery');
    },
    onEnded: (queueUrl, outcome, seconds) =>
      metrics.messageEnded(queueUrl, outcome as MessageOutcome, seconds),
    log,
  });
  const settleFile = createSettleFile(parts);
  const task = activities.task(parts, held, async (...of) => {
    const settled = await settleFile(...of);
    metrics.fileSettled(settled.fragment);
    return settled;
  });
  const handle = createTasksHandler({
    state: dependencies.state,
    held,
    claim: (...of) => createClaim(parts.temporal(), claim)(...of),
    isRunning: (task) => isTaskRunning(parts.temporal(), task),
    redrive: createRedrive(dependencies.state, (input) => createStartJob(parts.temporal())(input), log),
    places,
    log,
  });

  return {
    pollers: [
      {
        taskQueue: workTaskQueue(taskQueue),
        activities: activities.work(parts),
        slots: JOINS_AT_ONCE,
        stops: 'first',
        places,
      },
      // Every task held may have an attempt that ends and one that begins.
      { taskQueue: processQueue, activities: task.activities, slots: places * 2, stops: 'last', own: true },
    ],
    services: [
      tasks,
      createRateShare(
        'link',
        () => (look ??= watchLiveWorkers(parts.temporal().client, workTaskQueue(taskQueue)))(),
        dependencies.sources,
      ),
    ],
    held: tasks,
    checks: [],
    facts: { host_id: hostId },
    state: () => ({}),
    tasks,
    close: () => task.close(),
  };
}

function taskQueues(tasksQueue: ExportParts['dependencies']['tasksQueue']): WeightedQueue[] {
  return PRIORITIES.flatMap((priority) => {
    const { queue, own } = tasksQueue(priority);
    return own ? [{ queue, weight: WEIGHTS[priority] }] : [];
  });
}
