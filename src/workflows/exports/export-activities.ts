import {
  ActivityCancellationType,
  workflowInfo,
  type ActivityInterfaceFor,
  type ActivityOptions,
} from '@temporalio/workflow';
import type {
  ApiActivities,
  EventActivities,
  JobActivities,
  TaskActivities,
  WorkActivities,
} from '../../activities/exports/activity-types.js';
import { FAILURES } from '../../contract/failures.js';
import { NOT_HELD, type Claim } from '../../pipelines/exports/contract/claim.js';
import { apiTaskQueue, workTaskQueue } from '../../pipelines/exports/contract/names.js';
import type { Priority } from '../../pipelines/exports/contract/priority.js';
import { HOST_PICKUP, PREPARATION_OPTIONS, runOptions } from '../shared/activity-options.js';
import { describedActivities } from '../shared/described-activities.js';

/** What the Web UI writes beside an activity's name. */
const JOB_SUMMARIES: Readonly<Record<keyof JobActivities, string>> = {
  checkJob: 'Check the input, read what S3 keeps of the job',
  beginAttempt: 'Put the result of the attempt before aside',
  dispatchTasks: 'Look at the fragments, send what there is room for',
  stopTasks: 'Mark the job as cancelled, stop its tasks',
  setSourcePaused: 'Pause or resume the source',
};
const API_SUMMARIES: Readonly<Record<keyof ApiActivities, string>> = {
  awaitReady: 'Ask whether the export is ready',
  listPages: 'List files, page after page',
  acknowledge: 'Tell the API how the job ended',
};
const EVENT_SUMMARIES: Readonly<Record<keyof EventActivities, string>> = {
  recordEvent: 'Write down what is to be told',
  sendEvent: 'Post the event to the receiver',
};
const WORK_SUMMARIES: Readonly<Record<keyof WorkActivities, string>> = {
  joinResult: 'Join the fragments into the result',
  abortUploads: 'Abort what is half uploaded',
};

/** Tasks of Temporal are ordered by it where they wait. */
const PRIORITY_KEYS: Readonly<Record<Priority, number>> = { high: 1, normal: 3, low: 5 };

/** Times within which one attempt ends, unless it hangs. A retry with a million settled files reads their keys: minutes. */
const TIMEOUTS = {
  checkJob: '5 minutes',
  beginAttempt: '2 hours',
  dispatchTasks: '15 minutes',
  stopTasks: '10 minutes',
  setSourcePaused: '1 minute',
} as const satisfies Record<keyof JobActivities, string>;

/** For input that is to be refused at once, rather than after many tries. */
export const checkActivities = describedActivities<JobActivities>(JOB_SUMMARIES, PREPARATION_OPTIONS);

export function jobActivities(priority: Priority): ActivityInterfaceFor<JobActivities> {
  return describedActivities<JobActivities>(JOB_SUMMARIES, (activity) =>
    withPriority(priority, runOptions(TIMEOUTS[activity])),
  );
}

export function apiActivities(priority: Priority): ActivityInterfaceFor<ApiActivities> {
  return describedActivities<ApiActivities>(API_SUMMARIES, {
    // A listing ends after a minute or with the page that was being read then.
    ...withPriority(priority, runOptions('10 minutes')),
    taskQueue: apiTaskQueue(workflowInfo().taskQueue),
  });
}

/** A courtesy: the job has its result whether or not the API heard of it. */
export function acknowledgeActivities(): Pick<ActivityInterfaceFor<ApiActivities>, 'acknowledge'> {
  return describedActivities<ApiActivities>(API_SUMMARIES, {
    taskQueue: apiTaskQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '2 minutes',
    scheduleToCloseTimeout: '15 minutes',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 10 },
  });
}

/** A try takes a minute at most, and what is written around it some seconds. */
export const eventActivities = describedActivities<EventActivities>(EVENT_SUMMARIES, runOptions('3 minutes'));

export function workActivities(): ActivityInterfaceFor<WorkActivities> {
  return describedActivities<WorkActivities>(WORK_SUMMARIES, {
    ...runOptions('6 hours'),
    taskQueue: workTaskQueue(workflowInfo().taskQueue),
  });
}

/** The work on a task, on the one process that holds its message. */
export function taskActivities({
  process_queue: taskQueue,
  heartbeat_timeout: seconds,
}: Claim): TaskActivities {
  return describedActivities<TaskActivities>(
    { downloadTask: 'Download, unpack, check and upload' },
    {
      taskQueue,
      // One that nobody takes says that the process is gone: nobody else listens there.
      scheduleToStartTimeout: HOST_PICKUP,
      // A receive of SQS ends after 12 hours; long before, the process gives the task back.
      startToCloseTimeout: '12 hours',
      heartbeatTimeout: `${seconds} seconds`,
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      retry: {
        initialInterval: '1 second',
        backoffCoefficient: 2,
        maximumInterval: '1 minute',
        nonRetryableErrorTypes: [FAILURES.invalidInput, NOT_HELD, 'TemporalTimeout:StartToClose'],
      },
    },
  );
}

function withPriority(priority: Priority, options: ActivityOptions): ActivityOptions {
  return { ...options, priority: { priorityKey: PRIORITY_KEYS[priority] } };
}
