import type { Environment } from '../platform/config/environment.js';
import { loadSettings } from '../platform/config/load-settings.js';
import { WEBHOOK_SETTINGS } from '../platform/config/settings/webhook-settings.js';
import { createWebhookEndpoint } from './endpoint.js';
import type { WebhookLog } from './webhook-log.js';

/** How the endpoint of the settings stands with a pipeline, for a person who checks everything. */
export interface EndpointFinding {
  status: 'ok' | 'warning' | 'problem';
  detail: string;
  /** What to do about it. */
  todo: string;
}

/**
 * Whether events can leave, and whether some never did. Nothing is sent.
 *
 * @param resend the command that sends again what was given up
 * @returns undefined where no address is set
 * @throws ConfigurationError, DependencyUnavailable
 */
export async function inspectEndpoint(
  environment: Environment,
  open: (environment: Environment) => WebhookLog,
  resend: string,
): Promise<EndpointFinding | undefined> {
  const endpoint = createWebhookEndpoint(loadSettings(environment, WEBHOOK_SETTINGS));
  if (endpoint === undefined) return undefined;
  endpoint.close();
  const { key, origin } = endpoint;
  const log = open(environment);
  try {
    const disabled = await log.endpoints.disabled(key);
    if (disabled !== undefined) {
      return {
        status: 'problem',
        detail: `${origin} is sent nothing since ${disabled.at.toISOString()}: ${disabled.reason}`,
        todo: `If it is there again: vachan webhook enable, then ${resend}.`,
      };
    }
    const [lost] = await log.latest({ limit: 1, status: 'undelivered' });
    if (lost === undefined) {
      return { status: 'ok', detail: `${origin} is in use`, todo: 'vachan webhook test posts an event.' };
    }
    return {
      status: 'warning',
      detail: `events to ${origin} were given up, the last ${lost.webhook_id}: ${lost.last_try?.problem ?? 'no try'}`,
      todo: `vachan webhook log --status undelivered, then ${resend}.`,
    };
  } finally {
    await log.close();
  }
}
