import type { ActivityAttempt } from '../shared/activity-boundary.js';
import type { BatchStore } from '../shared/batch-store.js';
import { joinStages } from '../shared/joined-stages.js';
import type { RecordingHostActivities } from './activity-types.js';
import type { RecordingDelivery } from './recording-delivery.js';

type Scoring = Pick<
  RecordingHostActivities,
  'screenBatch' | 'downloadAudio' | 'extractFeatures' | 'runInference'
>;

/** As the workflow allows each by itself. */
const MOST_MINUTES = { screenBatch: 15, downloadAudio: 60, extractFeatures: 60, runInference: 15 } as const;

/** Everything up to the scores in one activity; what is written after it, and the deletion, stay steps of their own. */
export function createScoreBatchActivity(
  store: BatchStore<RecordingDelivery>,
  scoring: Scoring,
  onStage: (ended: ActivityAttempt) => void,
): Pick<RecordingHostActivities, 'scoreBatch'> {
  const stage = (name: string, activity: keyof Scoring): Parameters<typeof joinStages>[1][number] => ({
    name,
    activity,
    run: scoring[activity],
    mostMinutes: MOST_MINUTES[activity],
  });
  const stages = [
    stage('screen', 'screenBatch'),
    stage('download', 'downloadAudio'),
    stage('features', 'extractFeatures'),
    stage('inference', 'runInference'),
  ];
  return { scoreBatch: joinStages(store, stages, onStage) };
}
