import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { withDeadline } from './deadline.js';
import { buildOf, placesOf, type LiveWorker } from './live-worker.js';

const { TaskQueueType } = temporal.api.enums.v1;
const TYPES = [TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY];

/** Who the server has seen poll, for workflows or activities, in the last five minutes. */
export async function listPollers(client: Client, taskQueue: string): Promise<LiveWorker[]> {
  const { namespace } = client.options;
  const described = await Promise.all(
    TYPES.map((taskQueueType) =>
      withDeadline(client, () =>
        client.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name: taskQueue },
          taskQueueType,
        }),
      ),
    ),
  );
  const pollers = described.flatMap(({ pollers: some }) => some);
  const processes = new Map(
    pollers.map(({ identity, deploymentOptions }): [string, LiveWorker] => [
      identity ?? '',
      { instance: identity ?? '', build: buildOf(deploymentOptions), places: placesOf(identity) },
    ]),
  );
  return [...processes.values()];
}
