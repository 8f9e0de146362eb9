import type { Deployment } from '../../deployment/deployment.js';
import type { ExportsDeployment } from '../../deployment/exports.js';
import { plainExportsSettings } from '../../deployment/exports-settings.js';
import { METRIC_NAMESPACE } from '../backlog-metric.js';
import { placeSettings } from '../worker-environment.js';
import type { ExportsQueues } from './queues.js';

/** The environment of one service's container; secrets come beside it. */
export function exportsEnvironment(
  deployment: Deployment,
  part: ExportsDeployment,
  mode: 'orchestrator' | 'worker',
  { jobs, tasks }: ExportsQueues,
): Record<string, string> {
  return {
    ...(mode === 'orchestrator' && { CLOUDWATCH_NAMESPACE: METRIC_NAMESPACE }),
    ...plainExportsSettings(deployment, part),
    SERVICE_MODE: mode,
    EXPORT_JOBS_QUEUE_URL: jobs.queue.queueUrl,
    ...Object.fromEntries(Object.entries(tasks).map(([setting, { queue }]) => [setting, queue.queueUrl])),
    ...placeSettings(deployment),
  };
}
