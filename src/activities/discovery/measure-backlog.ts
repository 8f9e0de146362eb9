import type { MessageQueue } from '../../queue/message-queue.js';
import type { OrchestratorActivities } from '../activity-types.js';

export interface MeasureDependencies {
  queueFor: (queueUrl: string) => MessageQueue;
  /** Inference processes that are alive and not draining. */
  countInferenceWorkers: () => Promise<number>;
}

/** Asks SQS what waits, and Temporal who is there to work on it. */
export function createMeasureBacklogActivity({
  queueFor,
  countInferenceWorkers,
}: MeasureDependencies): Pick<OrchestratorActivities, 'measureBacklog'> {
  return {
    async measureBacklog({ queue_url }) {
      const [depth, inferenceWorkers] = await Promise.all([
        queueFor(queue_url).depth(),
        countInferenceWorkers(),
      ]);
      return { ...depth, inference_workers: inferenceWorkers };
    },
  };
}
