import type { Places } from '../../contract/backlog.js';
import type { MessageQueue } from '../../queue/message-queue.js';
import type { BacklogActivities } from './activity-types.js';

export interface MeasureDependencies {
  queueFor: (queueUrl: string) => MessageQueue;
  /** Batches that each worker process takes at once, of those that are alive and not draining. */
  workerPlaces: () => Promise<Places>;
}

/** Asks SQS what waits, and Temporal who is there to work on it. */
export function createMeasureBacklogActivity({
  queueFor,
  workerPlaces,
}: MeasureDependencies): BacklogActivities {
  return {
    async measureBacklog({ queue_url, max_concurrency: most }) {
      const [depth, places] = await Promise.all([queueFor(queue_url).depth(), workerPlaces()]);
      const known = places.filter((each) => each !== undefined);
      return {
        ...depth,
        inference_workers: places.length,
        ...(known.length === places.length && {
          places: known.reduce((sum, each) => sum + Math.min(each, most ?? each), 0),
        }),
      };
    },
  };
}
