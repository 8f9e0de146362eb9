import {
  ActivityCancellationType,
  workflowInfo,
  type ActivityInterfaceFor,
  type ActivityOptions,
} from '@temporalio/workflow';
import type {
  ChunkActivities,
  HostActivities,
  JobActivities,
  PlaceActivities,
  StartedJob,
} from '../../activities/interviews/activity-types.js';
import type { TellActivities } from '../../activities/interviews/event-activity-types.js';
import { FAILURES } from '../../contract/failures.js';
import { ATTEMPT_FAILURES } from '../../pipelines/interviews/contract/failures.js';
import { chunksTaskQueue, workTaskQueue } from '../../pipelines/interviews/contract/names.js';
import { HOST_PICKUP, runOptions } from '../shared/activity-options.js';
import { describedActivities } from '../shared/described-activities.js';

/** What the Web UI writes beside an activity's name. */
const JOB_SUMMARIES: Readonly<Record<keyof JobActivities, string>> = {
  awaitObject: 'Look whether the object is there',
  endAttempt: 'Write how the attempt ended',
  failJob: 'Write that the job failed',
};
const HOST_SUMMARIES: Readonly<Record<keyof HostActivities, string>> = {
  holdPlace: 'Hold a place of this process',
  passMedia: 'Read the medium once: sound and pictures',
  indexMedia: 'Find keyframes, divide the video',
  hearMedia: 'Hear the sound',
  storeResult: 'Put the result together and store it',
  finishJob: 'Give the place back',
};

/** A look at a store or a write to a database takes seconds; waiting for an object is in the pauses between tries. */
export const jobActivities = describedActivities<JobActivities>(JOB_SUMMARIES, {
  ...runOptions('2 minutes'),
  // A look that an event cuts short waits for its next try, mostly.
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

export const tellActivities = describedActivities<TellActivities>(
  { tellInterview: 'Tell the interview that a job of it has ended' },
  runOptions('1 minute'),
);

/** Taken by a process that has a place: until there is one, a job waits here. */
export function placeActivities(): ActivityInterfaceFor<PlaceActivities> {
  return describedActivities<PlaceActivities>(
    { startJob: 'Take a place and claim the job' },
    { ...runOptions('2 minutes'), taskQueue: workTaskQueue(workflowInfo().taskQueue) },
  );
}

/** Tries of one step within an attempt, seconds apart; trouble that lasts longer ends the attempt. */
const STEP_RETRY = {
  initialInterval: '1 second',
  backoffCoefficient: 3,
  maximumInterval: '15 seconds',
  maximumAttempts: 4,
  nonRetryableErrorTypes: [FAILURES.invalidInput, ...ATTEMPT_FAILURES],
} satisfies ActivityOptions['retry'];

/** The attempt's own timer ends what works; this only bounds what hangs unseen. */
const LONGER_THAN_ANY_ATTEMPT = '25 hours';

/** The steps of an attempt, on the one process that holds its place. */
export function hostActivities({
  host_task_queue: taskQueue,
  heartbeat_seconds: seconds,
}: StartedJob): ActivityInterfaceFor<HostActivities> {
  return describedActivities<HostActivities>(HOST_SUMMARIES, (activity): ActivityOptions =>
    activity === 'finishJob'
      ? // A courtesy: the process lets go by itself of a place that nothing comes for.
        {
          taskQueue,
          scheduleToStartTimeout: '10 seconds',
          startToCloseTimeout: '30 seconds',
          retry: { maximumAttempts: 2 },
        }
      : {
          taskQueue,
          // One that nobody takes says that the process is gone: nobody else listens there.
          scheduleToStartTimeout: HOST_PICKUP,
          startToCloseTimeout: LONGER_THAN_ANY_ATTEMPT,
          heartbeatTimeout: `${seconds} seconds`,
          cancellationType:
            activity === 'holdPlace'
              ? // Nothing of it has to be waited for, and a word reaches it with a heartbeat only.
                ActivityCancellationType.TRY_CANCEL
              : ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
          retry: STEP_RETRY,
        },
  );
}

/** A chunk of a video, on any worker process; one whose process is lost goes to another. */
export function chunkActivities({
  heartbeat_seconds: seconds,
}: StartedJob): ActivityInterfaceFor<ChunkActivities> {
  return describedActivities<ChunkActivities>(
    { sampleChunk: 'Sample a time chunk of the video' },
    {
      taskQueue: chunksTaskQueue(workflowInfo().taskQueue),
      startToCloseTimeout: LONGER_THAN_ANY_ATTEMPT,
      heartbeatTimeout: `${seconds} seconds`,
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      retry: STEP_RETRY,
    },
  );
}
