import { withSettings } from '../../pipelines/index.js';
import type { Pipeline } from '../../pipelines/pipeline.js';
import type { Environment } from '../../platform/config/environment.js';
import { refuseIfAny } from '../../platform/config/load-settings.js';
import { servedPipelines } from '../../platform/config/served-pipelines.js';
import type { WebhookLog } from '../../webhook/webhook-log.js';

/**
 * Looks at what pipelines keep of their events, one after the other.
 *
 * @param named of this one alone; else of those that the settings serve
 * @throws ConfigurationError
 */
export async function withLogs(
  environment: Environment,
  pipelines: readonly Pipeline[],
  named: string | undefined,
  work: (log: WebhookLog, pipeline: string) => Promise<void>,
): Promise<void> {
  const all = await withSettings(pipelines);
  const { served, problems } = servedPipelines(environment, all);
  if (named === undefined) refuseIfAny(problems);
  const chosen = named === undefined ? served : all.filter(({ name }) => name === named);
  for (const { name, webhooks } of chosen) {
    if (webhooks === undefined) continue;
    const log = await webhooks.open(environment);
    try {
      await work(log, name);
    } finally {
      await log.close();
    }
  }
}
