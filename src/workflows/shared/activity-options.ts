import type { ActivityOptions } from '@temporalio/workflow';
import { FAILURES } from '../../contract/failures.js';

type Duration = NonNullable<ActivityOptions['startToCloseTimeout']>;

/**
 * How long a worker process may be silent: two of its heartbeats (every 5 s) may be late or lost, a third is
 * death or a stall. With the second's pause before the next try and {@link HOST_PICKUP} a dead host is given
 * up within 28 s of its last word; docs/decisions.md has the reasoning.
 */
const HEARTBEAT_TIMEOUT = '12 seconds';

/**
 * How long a task may lie on the queue of one process, which nobody else will ever take it from. A live one polls all
 * the time; after a restart of the server its polls are back within 10 s, the SDK's longest pause between them.
 */
export const HOST_PICKUP = '15 seconds';

/**
 * A run's own steps: tried until they succeed. A database that is down for an hour delays the run by an
 * hour and loses nothing; the Web UI shows the pending attempt and its error.
 */
export function runOptions(startToCloseTimeout: Duration): ActivityOptions {
  return {
    // The heartbeat, not this, notices a dead process.
    startToCloseTimeout,
    heartbeatTimeout: '30 seconds',
    retry: {
      initialInterval: '1 second',
      backoffCoefficient: 2,
      maximumInterval: '1 minute',
      nonRetryableErrorTypes: [FAILURES.invalidInput],
    },
  };
}

/** Preparing a run answers a person who waits: the same, without a heartbeat. */
export const PREPARATION_OPTIONS: ActivityOptions = {
  startToCloseTimeout: '30 seconds',
  retry: {
    initialInterval: '1 second',
    maximumInterval: '30 seconds',
    nonRetryableErrorTypes: [FAILURES.invalidInput],
  },
};

/** Receiving, from the task queue where any process with a free place takes it. */
export function receiveOptions(taskQueue: string): ActivityOptions {
  return {
    taskQueue,
    // Schedule-to-start: nobody there to take it is an answer the dispatcher wants soon, not a queue to stand in.
    scheduleToStartTimeout: '30 seconds',
    // MAX_BATCH_WAIT_SECONDS is at most 300.
    startToCloseTimeout: '6 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: {
      initialInterval: '1 second',
      maximumInterval: '10 seconds',
      // What a killed attempt had received comes back by visibility timeout, so another try costs nothing. A minute
      // of them, so that `status` shows what SQS answers before the lane pauses.
      maximumAttempts: 10,
      nonRetryableErrorTypes: [FAILURES.invalidInput],
    },
  };
}

/**
 * A stage of a batch, on the one process that holds it.
 *
 * @param startToCloseTimeout what takes longer hangs; a dead process is noticed by its heartbeat
 */
export function stageOptions(taskQueue: string, startToCloseTimeout: Duration): ActivityOptions {
  return {
    taskQueue,
    // Holds for every try: one that nobody takes ends the batch as host_lost, so that a retry after a heartbeat
    // timeout asks whether the host is dead (nobody takes it) or was only out of reach (it goes on where it was).
    scheduleToStartTimeout: HOST_PICKUP,
    startToCloseTimeout,
    // While a dependency is down the lease holds the messages, which spares them a receive each; after two
    // hours the batch is given back so that a broken host does not keep it forever.
    scheduleToCloseTimeout: '2 hours',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: {
      initialInterval: '1 second',
      backoffCoefficient: 2,
      maximumInterval: '30 seconds',
      // A stage that hung once would hang again: its batch goes to a process that may be well.
      nonRetryableErrorTypes: [FAILURES.invalidInput, FAILURES.batchGone, 'TemporalTimeout:StartToClose'],
    },
  };
}

/** Giving a batch back is a courtesy: visibility timeouts do the same later, so it is tried briefly. */
export function releaseOptions(taskQueue: string): ActivityOptions {
  return {
    taskQueue,
    scheduleToStartTimeout: '10 seconds',
    startToCloseTimeout: '30 seconds',
    retry: { maximumAttempts: 2 },
  };
}
