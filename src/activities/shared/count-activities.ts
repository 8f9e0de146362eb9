import type { PipelineMetrics } from '../../platform/metrics/metrics.js';
import type { MessageQueue, ReceivedMessage } from '../../queue/message-queue.js';
import type { ActivityAttempt } from './activity-boundary.js';

/**
 * Times the stages of batches, and counts attempts after the first at any activity.
 *
 * @param stageOf which activities are stages, by their names
 */
export function countAttempts(
  metrics: PipelineMetrics,
  stageOf: Readonly<Record<string, string>>,
): (attempt: ActivityAttempt) => void {
  return ({ activity, attempt, seconds, failed }) => {
    if (attempt > 1) metrics.addRetries('activity');
    const stage = Object.hasOwn(stageOf, activity) ? stageOf[activity] : undefined;
    if (stage !== undefined) metrics.batchStage(stage, seconds, failed ? 'failed' : 'ok');
  };
}

/** Counts what arrives, and how long it had waited. */
export function countReceived(
  metrics: PipelineMetrics,
): (queue: MessageQueue, messages: readonly ReceivedMessage[]) => void {
  return (queue, messages) => {
    const first = messages.filter(({ receiveCount }) => receiveCount === 1);
    const sentAtMs = first.map((message) => message.sentAtMs).filter((at) => at !== undefined);
    metrics.received(queue.url, messages.length, sentAtMs, Date.now());
    metrics.addRetries('delivery', messages.length - first.length);
  };
}
