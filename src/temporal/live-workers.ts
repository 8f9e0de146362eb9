import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { withDeadline } from './deadline.js';

/** Workers tell the server that they live every 10 s; three missed words in a row mean that one is dead. */
const DEAD_AFTER_SECONDS = 30;
/** Fleets beyond a page of this size are counted a page at a time. */
const PAGE_SIZE = 200;

const { WorkerStatus } = temporal.api.enums.v1;

/** A process that polls, and the build that it says it is; without worker versioning it says none. */
export interface LiveWorker {
  instance: string;
  build: { deploymentName: string; buildId: string } | undefined;
}

/**
 * Counts the processes that poll a task queue and are not shutting down.
 *
 * Asks the server's list of worker heartbeats, which knows of a death within 30 s; the pollers of
 * `describeTaskQueue` stay listed for up to five minutes.
 */
export async function countLiveWorkers(client: Client, taskQueue: string): Promise<number> {
  return (await listLiveWorkers(client, taskQueue)).length;
}

/** The processes that {@link countLiveWorkers} counts. */
export async function listLiveWorkers(client: Client, taskQueue: string): Promise<LiveWorker[]> {
  const { workflowService } = client.connection;
  const processes = new Map<string, LiveWorker>();
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
      const { workerInstanceKey, workerIdentity, deploymentVersion } = workerHeartbeat;
      const instance = workerInstanceKey ?? workerIdentity ?? '';
      const { deploymentName, buildId } = deploymentVersion ?? {};
      const build = deploymentName && buildId ? { deploymentName, buildId } : undefined;
      processes.set(instance, { instance, build });
    }
    nextPageToken = page.nextPageToken.length > 0 ? page.nextPageToken : undefined;
  } while (nextPageToken !== undefined);
  return [...processes.values()];
}
