import type { Environment } from '../../../platform/config/environment.js';
import type { WebhookLog } from '../../../webhook/webhook-log.js';
import { openJobs } from '../cli/open-jobs.js';
import { createEndpointObjects } from './endpoint-objects.js';
import { createExportEvents } from './export-events.js';

/** Events as commands reach them. @throws ConfigurationError */
export function openEvents(environment: Environment): WebhookLog {
  const { state, close } = openJobs(environment);
  const events = createExportEvents(state);
  return {
    endpoints: createEndpointObjects(state),
    latest: (query) => events.latest(query),
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}
