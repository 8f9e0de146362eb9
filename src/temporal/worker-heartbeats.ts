import { isGrpcServiceError, type Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import pLimit from 'p-limit';
import { withDeadline } from './deadline.js';

/** Fleets beyond a page of this size are read a page at a time. */
const PAGE_SIZE = 200;
/** Descriptions asked for at one time, where the list has no heartbeats. */
const DESCRIPTIONS_AT_ONCE = 8;
/** Codes of gRPC. */
const NOT_FOUND = 5;
const REFUSED: readonly number[] = [7, 16];
const UNIMPLEMENTED = 12;

/** The server that takes heartbeats without being told to. */
export const HEARTBEATS_SINCE = '1.30';

/** A worker's last word. Its time is by the worker's own clock; the server keeps, and hands on, no time of receipt. */
export type WorkerHeartbeat = temporal.api.worker.v1.IWorkerHeartbeat;

/**
 * Whether the namespace takes workers' heartbeats and tells of them: from server 1.30 on unless told otherwise, and from 1.29.1 on when
 * told to, by `frontend.WorkerHeartbeatsEnabled` and `frontend.ListWorkersEnabled`.
 */
export async function takesHeartbeats(client: Client): Promise<boolean> {
  const { namespace } = client.options;
  const { workflowService } = client;
  try {
    const { namespaceInfo } = await withDeadline(client, () =>
      workflowService.describeNamespace({ namespace }),
    );
    if (namespaceInfo?.capabilities?.workerHeartbeats !== true) return false;
  } catch (error) {
    // An identity that may not read the namespace may still read the list.
    if (!hasCode(error, REFUSED)) throw error;
  }
  try {
    await withDeadline(client, () =>
      workflowService.listWorkers({ namespace, pageSize: 1, query: 'TaskQueue="none"' }),
    );
    return true;
  } catch (error) {
    if (!hasCode(error, [UNIMPLEMENTED])) throw error;
    return false;
  }
}

const hasCode = (error: unknown, codes: readonly number[]): boolean =>
  isGrpcServiceError(error) && codes.includes(error.code);

/** The heartbeats of all who work on a task queue, and of those that died in the last minutes. */
export async function listHeartbeats(client: Client, taskQueue: string): Promise<WorkerHeartbeat[]> {
  const { workflowService } = client;
  const { namespace } = client.options;
  const limit = pLimit(DESCRIPTIONS_AT_ONCE);
  const beats: WorkerHeartbeat[] = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const request = {
      namespace,
      pageSize: PAGE_SIZE,
      query: `TaskQueue="${taskQueue}"`,
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    };
    const page = await withDeadline(client, () => workflowService.listWorkers(request));
    const found =
      page.workersInfo.length > 0
        ? page.workersInfo.map(({ workerHeartbeat }) => workerHeartbeat)
        : // Servers will leave the field out some day, and give heartbeats one by one only.
          await Promise.all(
            page.workers.map(({ workerInstanceKey }) =>
              limit(() => describeHeartbeat(client, workerInstanceKey ?? '')),
            ),
          );
    beats.push(...found.flatMap((beat) => (beat?.taskQueue === taskQueue ? [beat] : [])));
    nextPageToken = page.nextPageToken.length > 0 ? page.nextPageToken : undefined;
  } while (nextPageToken !== undefined);
  return beats;
}

async function describeHeartbeat(
  client: Client,
  workerInstanceKey: string,
): Promise<WorkerHeartbeat | undefined> {
  const { namespace } = client.options;
  try {
    const { workerInfo } = await withDeadline(client, () =>
      client.workflowService.describeWorker({ namespace, workerInstanceKey }),
    );
    return workerInfo?.workerHeartbeat ?? undefined;
  } catch (error) {
    // It ended in between.
    if (hasCode(error, [NOT_FOUND])) return undefined;
    throw error;
  }
}
