import type { ActivityInterfaceFor } from '@temporalio/workflow';
import type {
  OrchestratorActivities,
  RecordingHostActivities,
} from '../../activities/recordings/activity-types.js';
import type { ReceiveActivities } from '../../activities/shared/activity-types.js';
import {
  PREPARATION_OPTIONS,
  receiveOptions,
  releaseOptions,
  runOptions,
  stageOptions,
} from '../shared/activity-options.js';
import { describedActivities } from '../shared/described-activities.js';

/** What the Web UI writes beside an activity's name. */
const ORCHESTRATOR_SUMMARIES: Readonly<Record<keyof OrchestratorActivities, string>> = {
  prepareDiscovery: 'Check the input, read the stored watermark',
  prepareIngest: 'Check the input',
  prepareNight: "The run's date and input",
  discoverPage: 'Read one page of the source and queue it',
  discoverLate: 'Look behind the watermark for late rows',
  saveState: 'Mirror the watermark into the state collection',
  measureDrift: "Compare the date with the model's training",
  measureBacklog: 'Count waiting messages and live workers',
};
const HOST_SUMMARIES: Readonly<Record<keyof RecordingHostActivities, string>> = {
  processBatch: 'Screen, download, compute features, score; write results and CSV rows; delete from SQS',
  scoreBatch: 'Screen, download, compute features, score',
  screenBatch: 'Leave out what has a result or is no candidate',
  downloadAudio: 'Download the audio',
  extractFeatures: 'Decode, compute features',
  runInference: 'Score',
  upsertResults: 'Write results and CSV rows',
  acknowledge: 'Delete from SQS, delay what failed',
  releaseBatch: 'Give the messages back',
};

/** A page of 5,000 rows sends 500 SQS batches. */
const PAGE_TIMEOUT = '15 minutes';

/**
 * Most stages ask databases, stores and SQS, all within time limits: what takes a quarter of an hour hangs. The two
 * that take an hour work on 1,000 recordings, through retries of slow downloads.
 */
const STAGE_TIMEOUTS = {
  // Their stages have their own, in the process that runs them.
  processBatch: '2 hours',
  scoreBatch: '2 hours',
  screenBatch: '15 minutes',
  downloadAudio: '1 hour',
  extractFeatures: '1 hour',
  runInference: '15 minutes',
  upsertResults: '15 minutes',
  acknowledge: '15 minutes',
  releaseBatch: '15 minutes',
} as const satisfies Record<keyof RecordingHostActivities, string>;

export const orchestratorActivities = describedActivities<OrchestratorActivities>(
  ORCHESTRATOR_SUMMARIES,
  runOptions(PAGE_TIMEOUT),
);

export const preparationActivities = describedActivities<OrchestratorActivities>(
  ORCHESTRATOR_SUMMARIES,
  PREPARATION_OPTIONS,
);

/** At the end of a run; see `drift.ts`. */
export const driftActivities = describedActivities<OrchestratorActivities>(ORCHESTRATOR_SUMMARIES, {
  // Reads half a kilobyte of every recording of the date: a second for ten thousand.
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  // A report for people: it must not keep a run open whose recordings are all scored.
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 5 },
});

export function receiveActivities(taskQueue: string): ActivityInterfaceFor<ReceiveActivities> {
  return describedActivities<ReceiveActivities>(
    { receiveBatch: 'Take messages from SQS' },
    receiveOptions(taskQueue),
  );
}

/** The stages of a batch, on the one process that holds it. */
export function hostActivities(taskQueue: string): RecordingHostActivities {
  return describedActivities<RecordingHostActivities>(HOST_SUMMARIES, (activity) =>
    stageOptions(taskQueue, STAGE_TIMEOUTS[activity]),
  );
}

export function releaseActivities(taskQueue: string): Pick<RecordingHostActivities, 'releaseBatch'> {
  return describedActivities<RecordingHostActivities>(HOST_SUMMARIES, releaseOptions(taskQueue));
}
