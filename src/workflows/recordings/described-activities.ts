import { proxyActivities, type ActivityInterfaceFor, type ActivityOptions } from '@temporalio/workflow';
import type { ReceiveActivities } from '../../activities/shared/activity-types.js';
import type {
  RecordingHostActivities,
  OrchestratorActivities,
} from '../../activities/recordings/activity-types.js';

type AnyActivity = keyof OrchestratorActivities | keyof ReceiveActivities | keyof RecordingHostActivities;

/** What the Web UI writes beside an activity's name. Short: each stands in the history of every batch. */
const SUMMARIES: Readonly<Record<AnyActivity, string>> = {
  prepareDiscovery: 'Check the input, read the stored watermark',
  prepareIngest: 'Check the input',
  prepareNight: "The night's date and input",
  discoverPage: 'Read one page of the source and queue it',
  discoverLate: 'Look behind the watermark for late rows',
  saveState: 'Mirror the watermark into the state collection',
  measureDrift: "Compare the date with the model's training",
  measureBacklog: 'Count waiting messages and live workers',
  receiveBatch: 'Take messages from SQS',
  screenBatch: 'Leave out what has a result or is no candidate',
  downloadAudio: 'Download the audio',
  extractFeatures: 'Decode, compute features',
  runInference: 'Score',
  upsertResults: 'Write results and CSV rows',
  acknowledge: 'Delete from SQS, delay what failed',
  releaseBatch: 'Give the messages back',
};

/** As `proxyActivities`, and every activity says in the Web UI what it does. */
export function describedActivities<A extends Partial<Record<AnyActivity, unknown>>>(
  options: ActivityOptions,
): ActivityInterfaceFor<A> {
  return new Proxy({} as ActivityInterfaceFor<A>, {
    get: (_target, name) => {
      const activity = name as AnyActivity;
      return proxyActivities<Record<AnyActivity, never>>({ ...options, summary: SUMMARIES[activity] })[
        activity
      ];
    },
  });
}
