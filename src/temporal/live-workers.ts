import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { withDeadline } from './deadline.js';

/** Workers tell the server that they live every 10 s; three missed words in a row mean that one is dead. */
const DEAD_AFTER_SECONDS = 30;
/** Fleets beyond a page of this size are counted a page at a time. */
const PAGE_SIZE = 200;

const { WorkerStatus } = temporal.api.enums.v1;

/**
 * Counts the processes that poll a task queue and are not shutting down.
 *
 * Asks the server's list of worker heartbeats, which knows of a death within 30 s; the pollers of
 * `describeTaskQueue` stay listed for up to five minutes.
 */
export async function countLiveWorkers(client: Client, taskQueue: string): Promise<number> {
  const { workflowService } = client.connection;
  const processes = new Set<string>();
  let nextPageToken: Uint8Array | undefined;
  do {
    const request = {
      namespace: client.options.namespace,
      pageSize: PAGE_SIZE,
      query: `TaskQueue="${taskQueue}"`,
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    };
    const page = await withDeadline(client, () => workflowService.listWorkers(request));
    for (const { workerHeartbeat } of page.workersInfo) {
      if (workerHeartbeat?.taskQueue !== taskQueue) continue;
      if (workerHeartbeat.status !== WorkerStatus.WORKER_STATUS_RUNNING) continue;
      const beatSeconds = Number(workerHeartbeat.heartbeatTime?.seconds ?? 0);
      if (Date.now() / 1000 - beatSeconds > DEAD_AFTER_SECONDS) continue;
      processes.add(workerHeartbeat.workerInstanceKey ?? workerHeartbeat.workerIdentity ?? '');
    }
    nextPageToken = page.nextPageToken.length > 0 ? page.nextPageToken : undefined;
  } while (nextPageToken !== undefined);
  return processes.size;
}
