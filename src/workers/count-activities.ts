import type { ActivityAttempt } from '../activities/shared/activity-boundary.js';
import type {
  HostActivities,
  OrchestratorActivities,
  ReceiveActivities,
} from '../activities/shared/activity-types.js';
import { countReturns, errorTypeOf, type Batch } from '../activities/shared/batch.js';
import type { RecordingOutcomes } from '../pipelines/recordings/contract/outcome.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import { RECORD_STAGES, type BatchStage } from '../platform/metrics/stage-metrics.js';
import type { MessageQueue, ReceivedMessage } from '../queue/message-queue.js';

const STAGE_OF: Readonly<
  Record<keyof ReceiveActivities | Exclude<keyof HostActivities, 'releaseBatch'>, BatchStage>
> = {
  receiveBatch: 'receive',
  screenBatch: 'screen',
  downloadAudio: 'download',
  extractFeatures: 'features',
  runInference: 'score',
  upsertResults: 'upsert',
  acknowledge: 'acknowledge',
};

/** Times the stages of batches, and counts attempts after the first at any activity. */
export function countAttempts(metrics: Metrics): (attempt: ActivityAttempt) => void {
  return ({ activity, attempt, seconds, failed }) => {
    if (attempt > 1) metrics.addRetries('activity');
    const stage = Object.hasOwn(STAGE_OF, activity) ? STAGE_OF[activity as keyof typeof STAGE_OF] : undefined;
    if (stage !== undefined) metrics.batchStage(stage, seconds, failed ? 'failed' : 'ok');
  };
}

/** Counts what arrives, and how long it had waited. */
export function countReceived(
  metrics: Metrics,
): (queue: MessageQueue, messages: readonly ReceivedMessage[]) => void {
  return (queue, messages) => {
    const first = messages.filter(({ receiveCount }) => receiveCount === 1);
    const sentAtMs = first.map((message) => message.sentAtMs).filter((at) => at !== undefined);
    metrics.received(queue.url, messages.length, sentAtMs, Date.now());
    metrics.addRetries('delivery', messages.length - first.length);
  };
}

/** Counts a batch's records when their outcomes are settled. */
export function countSettled(metrics: Metrics): (batch: Batch, outcomes: RecordingOutcomes) => void {
  return (batch, outcomes) => {
    metrics.addOutcomes(outcomes);
    metrics.addReturns(countReturns(batch));
    const seconds = (Date.now() - batch.startedAtMs) / 1000;
    for (const item of batch.items) {
      if (item.outcome !== undefined && item.returned !== true) metrics.processed(batch.queue.url, seconds);
      if (item.outcome === 'failed_pre_inference') metrics.addFailure(errorTypeOf(item) ?? 'unknown');
      for (const stage of RECORD_STAGES) {
        const milliseconds = item.timingsMs[stage];
        if (milliseconds !== undefined) metrics.recordStage(stage, milliseconds / 1000);
      }
      if (item.extracted !== undefined) {
        const { bytes, duration_seconds: duration } = item.extracted.audio;
        metrics.addAudio({ bytes, seconds: duration });
      }
    }
  };
}

/** Counts the rows that pages find and send. */
export function countDiscovered<T extends Pick<OrchestratorActivities, 'discoverPage' | 'discoverLate'>>(
  metrics: Metrics,
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
