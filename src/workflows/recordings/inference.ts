import { workflowInfo } from '@temporalio/workflow';
import type { RecordingHostActivities } from '../../activities/recordings/activity-types.js';
import type { BatchInput } from '../../contract/batch-input.js';
import { inferenceTaskQueue } from '../../pipelines/recordings/contract/names.js';
import { noOutcomes, type Outcome } from '../../pipelines/recordings/contract/outcome.js';
import type { InferenceSummary } from '../../pipelines/recordings/contract/workflow-results.js';
import { runBatch, type JoinedStages, type Stage } from '../shared/run-batch.js';
import { hostActivities, receiveActivities, releaseActivities } from './recording-activities.js';

/** One activity for all that comes before the first write, on hosts that have this one and not yet the one for all. */
const JOINED: JoinedStages<RecordingHostActivities> = {
  stages: ['screen', 'download', 'features', 'inference'],
  run: (host, batch) => host.scoreBatch(batch),
};

const STAGES: readonly Stage<RecordingHostActivities>[] = [
  { name: 'screen', run: (host, batch) => host.screenBatch(batch) },
  { name: 'download', run: (host, batch) => host.downloadAudio(batch) },
  { name: 'features', run: (host, batch) => host.extractFeatures(batch) },
  { name: 'inference', run: (host, batch) => host.runInference(batch) },
  { name: 'upsert', run: (host, batch) => host.upsertResults(batch), always: true },
];

/** One batch of recordings: receive; screen, download, features, inference, upsert, acknowledge. */
export async function inferenceWorkflow(input: BatchInput): Promise<InferenceSummary> {
  return runBatch<Outcome, RecordingHostActivities>(input, {
    receive: receiveActivities(inferenceTaskQueue(workflowInfo().taskQueue)),
    host: hostActivities,
    release: releaseActivities,
    stages: STAGES,
    joined: JOINED,
    whole: (host, batch) => host.processBatch(batch),
    noOutcomes,
  });
}
