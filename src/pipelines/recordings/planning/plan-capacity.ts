import type { MeasuredCosts } from './measured.js';

/** A run to be worked off, and what on. */
export interface PlannedRun {
  records: number;
  secondsPerClip: number;
  bytesPerClip: number;
  /** From the first row in the source to the last result. */
  windowSeconds: number;
  vcpusPerTask: number;
  /** Speed of one vCPU against a core of the benchmark's machine. */
  coreSpeed: number;
  batchSize: number;
  /** Batches at once in one task (MAX_CONCURRENCY). */
  lanesPerTask: number;
  /** From a task's order to its first batch: image, worker, model, and the dispatcher's next look. */
  startupSeconds: number;
  /** Spot interruptions of one task in an hour, on average. */
  interruptionsPerTaskHour: number;
  /** Of what a task could do, how much is planned for: the rest is for bad luck. */
  utilisation: number;
  visibilityTimeoutSeconds: number;
  discoveryPageRows: number;
}

export interface CapacityPlan {
  /** Inference tasks that have to run from beginning to end. */
  tasks: number;
  recordsPerTaskSecond: number;
  recordsPerSecond: number;
  /** Until the last row is in the queue; discovery and inference overlap. */
  discoverySeconds: number;
  /** When all results are there, if all goes as planned. */
  finishSeconds: number;
  taskHours: number;
  memoryMbPerTask: number;
  scratchMbPerTask: number;
  /** A target for autoscaling on BacklogPerTask, with `tasks` as the most: what a task works off in a quarter of an hour. */
  backlogPerTask: number;
  sqs: { requests: number; requestsPerSecond: number };
  s3: { gets: number; getsPerSecond: number; megabytesPerSecond: number };
  mongo: { operations: number; operationsPerSecond: number };
  temporal: { actions: number; actionsPerSecond: number };
}

/** SQS takes and hands out ten messages a call. */
const MESSAGES_PER_CALL = 10;
/** Receives that come back with fewer than ten, and a FIFO queue's or a tail's empty ones. */
const RECEIVE_OVERHEAD = 1.3;
/** The lease extends a message when half of its visibility is gone. */
const EXTENSIONS_PER_VISIBILITY = 2;
/** Existing results, eligible rows, the upsert; and for a page the source's rows, existing results and the state. */
const MONGO_OPERATIONS = { perBatch: 3, perPage: 3 };
/** A batch is a child workflow and seven activities, and its share of measuring the backlog; a page is two activities. */
const TEMPORAL_ACTIONS = { perBatch: 9, perPage: 2 };
/** Batches under way when a task goes are half done on average. */
const LOST_SHARE_OF_A_BATCH = 0.5;
/**
 * With the whole window's work as the target, tasks would leave as the backlog shrinks, and the run would end hours late
 * (`npm run bench -- night`); with a quarter of an hour's, they stay until the end is near.
 */
const BACKLOG_SECONDS_PER_TASK = 900;
const BYTES_PER_MB = 1e6;
const SECONDS_PER_HOUR = 3600;

/**
 * How many tasks a run takes, and what it asks of everything around them.
 *
 * A task's rate is its cores over what a recording costs; an interruption costs a start and half of the batches under way.
 *
 * @throws RangeError when discovery or one task's start alone takes longer than the window
 */
export function planCapacity(run: PlannedRun, measured: MeasuredCosts): CapacityPlan {
  const { records, windowSeconds, vcpusPerTask, batchSize, lanesPerTask } = run;
  const coreSeconds =
    (measured.audioMsPerSecond * run.secondsPerClip + measured.workerMsPerRecording) / 1000 / run.coreSpeed;
  const fullRate = (vcpusPerTask * measured.busyShareOfCores) / coreSeconds;
  const batchSeconds = (batchSize * lanesPerTask) / fullRate;
  const lostSeconds = run.startupSeconds + batchSeconds * LOST_SHARE_OF_A_BATCH;
  const lostShare = Math.min(0.9, (run.interruptionsPerTaskHour * lostSeconds) / SECONDS_PER_HOUR);
  const recordsPerTaskSecond = fullRate * (1 - lostShare);

  const discoverySeconds = records / measured.discoveryRowsPerSecond;
  // The last batches start when the last messages have come.
  const workSeconds = windowSeconds - run.startupSeconds - batchSeconds;
  if (workSeconds <= 0 || discoverySeconds + batchSeconds > windowSeconds) {
    const needed = Math.max(run.startupSeconds + batchSeconds, discoverySeconds + batchSeconds);
    throw new RangeError(
      `a window of ${Math.round(windowSeconds)} s is too short for ${records} recordings: finding and queuing them, or starting a task and working off one batch, takes ${Math.ceil(needed)} s, however many tasks there are`,
    );
  }
  const tasks = Math.max(1, Math.ceil(records / (recordsPerTaskSecond * run.utilisation * workSeconds)));
  const recordsPerSecond = tasks * recordsPerTaskSecond;
  const busySeconds = Math.max(records / recordsPerSecond, discoverySeconds);
  const finishSeconds = run.startupSeconds + busySeconds + batchSeconds;

  const batches = Math.ceil(records / batchSize);
  const pages = Math.ceil(records / run.discoveryPageRows);
  const calls = records / MESSAGES_PER_CALL;
  const extensions = Math.floor((batchSeconds / run.visibilityTimeoutSeconds) * EXTENSIONS_PER_VISIBILITY);
  const requests = Math.ceil(calls * (1 + RECEIVE_OVERHEAD + 1 + extensions));
  const operations = batches * MONGO_OPERATIONS.perBatch + pages * MONGO_OPERATIONS.perPage;
  const actions = batches * TEMPORAL_ACTIONS.perBatch + pages * TEMPORAL_ACTIONS.perPage;
  return {
    tasks,
    recordsPerTaskSecond,
    recordsPerSecond,
    discoverySeconds,
    finishSeconds,
    taskHours: (tasks * finishSeconds) / SECONDS_PER_HOUR,
    memoryMbPerTask: measured.workerMb + measured.poolMemberMb * vcpusPerTask,
    scratchMbPerTask: (lanesPerTask * batchSize * run.bytesPerClip) / BYTES_PER_MB,
    backlogPerTask: Math.max(1, Math.round(recordsPerTaskSecond * BACKLOG_SECONDS_PER_TASK)),
    sqs: { requests, requestsPerSecond: requests / busySeconds },
    s3: {
      gets: records,
      getsPerSecond: records / busySeconds,
      megabytesPerSecond: (records * run.bytesPerClip) / BYTES_PER_MB / busySeconds,
    },
    mongo: { operations, operationsPerSecond: operations / busySeconds },
    temporal: { actions, actionsPerSecond: actions / busySeconds },
  };
}
