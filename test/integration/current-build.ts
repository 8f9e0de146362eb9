import type { Client } from '@temporalio/client';
import { until } from '../until.js';

/** gRPC's NOT_FOUND and FAILED_PRECONDITION. */
const NOT_YET: unknown[] = [5, 9];

/** Has a build get the workflows of its deployment; waits until the server knows it and each of its task queues, which their first polls tell. */
export async function setCurrent(client: Client, deploymentName: string, buildId: string): Promise<void> {
  await until(async () => {
    try {
      await client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: client.options.namespace,
        deploymentName,
        buildId,
        identity: 'test',
      });
      return true;
    } catch (error) {
      // The server words it in more than one way: no such deployment yet, no such version of it, one that lacks task queues.
      if (NOT_YET.includes((error as { code?: unknown }).code)) return false;
      throw error;
    }
  });
}
