import type { ReceiveActivities } from '../../activities/shared/activity-types.js';
import type {
  RecordingHostActivities,
  OrchestratorActivities,
} from '../../activities/recordings/activity-types.js';
import { FAILURES } from '../../contract/failures.js';
import { describedActivities } from '../recordings/described-activities.js';

/**
 * How long a process of the inference role may be silent: two of its heartbeats (every 5 s) may be late or lost, a third is
 * death or a stall. With the second's pause before the next try and {@link HOST_PICKUP} a dead host is given
 * up within 28 s of its last word; docs/decisions.md has the reasoning.
 */
const HEARTBEAT_TIMEOUT = '12 seconds';

/**
 * How long a task may lie on the queue of one process, which nobody else will ever take it from. A live one polls all the time;
 * after a restart of the server its polls are back within 10 s, the SDK's longest pause between them.
 */
const HOST_PICKUP = '15 seconds';

/**
 * Discovery and state: tried until they succeed. A database that is down for an hour delays the night by an
 * hour and loses nothing; the Web UI shows the pending attempt and its error.
 */
export const orchestrator = describedActivities<OrchestratorActivities>({
  // A page of 5,000 rows sends 500 SQS batches; the heartbeat, not this, notices a dead process.
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '30 seconds',
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    nonRetryableErrorTypes: [FAILURES.invalidInput],
  },
});

/** Preparing a run answers a person who waits: the same, without a heartbeat. */
export const preparation = describedActivities<OrchestratorActivities>({
  startToCloseTimeout: '30 seconds',
  retry: {
    initialInterval: '1 second',
    maximumInterval: '30 seconds',
    nonRetryableErrorTypes: [FAILURES.invalidInput],
  },
});

/** Receives from the shared inference queue, where any process with a free place takes it. */
export function receiver(taskQueue: string): ReceiveActivities {
  return describedActivities<ReceiveActivities>({
    taskQueue,
    // Schedule-to-start: nobody there to take it is an answer the dispatcher wants soon, not a queue to stand in.
    scheduleToStartTimeout: '30 seconds',
    // MAX_BATCH_WAIT_SECONDS is at most 300.
    startToCloseTimeout: '6 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: {
      initialInterval: '1 second',
      maximumInterval: '10 seconds',
      // What a killed attempt had received comes back by visibility timeout, so another try costs nothing. A minute of them, so
      // that `status` shows what SQS answers before the lane pauses.
      maximumAttempts: 10,
      nonRetryableErrorTypes: [FAILURES.invalidInput],
    },
  });
}

/** The stages of a batch, on the one process that holds it. */
export function host(taskQueue: string): RecordingHostActivities {
  // 1,000 recordings through retries of slow downloads; a dead process is noticed by the heartbeat.
  const long = hostStages(taskQueue, '1 hour');
  // They ask databases, stores and SQS, all within time limits: what takes this long hangs.
  const short = hostStages(taskQueue, '15 minutes');
  return {
    screenBatch: (batch) => short.screenBatch(batch),
    downloadAudio: (batch) => long.downloadAudio(batch),
    extractFeatures: (batch) => long.extractFeatures(batch),
    runInference: (batch) => short.runInference(batch),
    upsertResults: (batch) => short.upsertResults(batch),
    acknowledge: (batch) => short.acknowledge(batch),
    releaseBatch: (batch) => short.releaseBatch(batch),
  };
}

function hostStages(
  taskQueue: string,
  startToCloseTimeout: '1 hour' | '15 minutes',
): RecordingHostActivities {
  return describedActivities<RecordingHostActivities>({
    taskQueue,
    // Holds for every try: one that nobody takes ends the batch as host_lost, so that a retry after a heartbeat
    // timeout asks whether the host is dead (nobody takes it) or was only out of reach (it goes on where it was).
    scheduleToStartTimeout: HOST_PICKUP,
    startToCloseTimeout,
    // While a dependency is down the lease holds the messages, which spares them a receive each; after two
    // hours the batch is given back so that a broken host does not keep it for ever.
    scheduleToCloseTimeout: '2 hours',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: {
      initialInterval: '1 second',
      backoffCoefficient: 2,
      maximumInterval: '30 seconds',
      // A stage that hung once would hang again: its batch goes to a process that may be well.
      nonRetryableErrorTypes: [FAILURES.invalidInput, FAILURES.batchGone, 'TemporalTimeout:StartToClose'],
    },
  });
}

/** Giving back is a courtesy: visibility timeouts do the same later, so it is tried briefly. */
export function hostRelease(taskQueue: string): Pick<RecordingHostActivities, 'releaseBatch'> {
  return describedActivities<RecordingHostActivities>({
    taskQueue,
    scheduleToStartTimeout: '10 seconds',
    startToCloseTimeout: '30 seconds',
    retry: { maximumAttempts: 2 },
  });
}
