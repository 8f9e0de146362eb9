import type { RecordingsMetrics } from '../../pipelines/recordings/metrics/recordings-metrics.js';
import type { RecordingOutcomes } from '../../pipelines/recordings/contract/outcome.js';
import type { ReceiveActivities } from '../shared/activity-types.js';
import { countReturns } from '../shared/batch.js';
import { errorNameOf } from '../shared/delivery.js';
import type { OrchestratorActivities, RecordingHostActivities } from './activity-types.js';
import { extractedOf, hasFailed, type RecordingBatch } from './recording-delivery.js';

/** The stage of a batch that an activity is. */
export const STAGE_OF: Readonly<
  Record<
    | keyof ReceiveActivities
    | Exclude<keyof RecordingHostActivities, 'releaseBatch' | 'scoreBatch' | 'processBatch'>,
    string
  >
> = {
  receiveBatch: 'receive',
  screenBatch: 'screen',
  downloadAudio: 'download',
  extractFeatures: 'features',
  runInference: 'score',
  upsertResults: 'upsert',
  acknowledge: 'acknowledge',
};

/** Stages that are timed for each recording too. */
const RECORD_STAGES = ['download', 'decode', 'features'] as const;

/** Counts a batch's records when their outcomes are settled. */
export function countSettled(
  metrics: RecordingsMetrics,
): (batch: RecordingBatch, outcomes: RecordingOutcomes) => void {
  return (batch, outcomes) => {
    metrics.addOutcomes(outcomes);
    metrics.addReturns(countReturns(batch));
    const seconds = (Date.now() - batch.startedAtMs) / 1000;
    for (const item of batch.items) {
      if (item.ending?.kind === 'settled') metrics.processed(batch.queue.url, seconds);
      if (hasFailed(item)) metrics.addFailure(errorNameOf(item) ?? 'unknown');
      for (const stage of RECORD_STAGES) {
        const milliseconds = item.timingsMs[stage];
        if (milliseconds !== undefined) metrics.recordStage(stage, milliseconds / 1000);
      }
      const audio = extractedOf(item)?.audio;
      if (audio !== undefined) metrics.addAudio({ bytes: audio.bytes, seconds: audio.duration_seconds });
    }
  };
}

/** Counts the rows that pages find and send. */
export function countDiscovered<T extends Pick<OrchestratorActivities, 'discoverPage' | 'discoverLate'>>(
  metrics: RecordingsMetrics,
  activities: T,
): T {
  return {
    ...activities,
    discoverPage: async (input) => {
      const page = await activities.discoverPage(input);
      metrics.discovered(page);
      metrics.sent(input.queue_url, page.enqueued);
      return page;
    },
    discoverLate: async (input) => {
      const late = await activities.discoverLate(input);
      metrics.discovered({ enqueued: 0, existing: 0, late: late.enqueued });
      metrics.sent(input.queue_url, late.enqueued);
      return late;
    },
  } satisfies Pick<OrchestratorActivities, 'discoverPage' | 'discoverLate'> & T;
}
