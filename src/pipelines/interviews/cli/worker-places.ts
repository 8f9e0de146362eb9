import type { Places } from '../../../contract/backlog.js';
import { BASE_SETTINGS } from '../../../platform/config/base-settings.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { DependencyUnavailable } from '../../../platform/errors.js';
import { listLiveWorkers } from '../../../temporal/live-workers.js';
import { onTemporal } from '../../../temporal/on-temporal.js';
import { orchestratorTaskQueue, workTaskQueue } from '../contract/names.js';
import type { InterviewsContext } from './context.js';

/**
 * Each live worker process's places, a place undefined where the process does not say; undefined as a whole where Temporal
 * does not answer: MongoDB's counts are worth showing without it.
 *
 * @throws ConfigurationError
 */
export async function askWorkerPlaces(
  context: Pick<InterviewsContext, 'connectTemporal'>,
  environment: Environment,
): Promise<Places | undefined> {
  const { TASK_QUEUE: base } = loadSettings(environment, pick(BASE_SETTINGS, 'TASK_QUEUE'));
  try {
    const client = await context.connectTemporal(environment);
    try {
      const taskQueue = workTaskQueue(orchestratorTaskQueue(base));
      const { alive } = await onTemporal('list its workers', () => listLiveWorkers(client, taskQueue));
      return alive.map(({ places }) => places);
    } finally {
      await client.connection.close();
    }
  } catch (error) {
    if (error instanceof DependencyUnavailable) return undefined;
    throw error;
  }
}
