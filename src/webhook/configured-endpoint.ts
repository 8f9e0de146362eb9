import type { Environment } from '../platform/config/environment.js';
import { loadSettings } from '../platform/config/load-settings.js';
import { WEBHOOK_SETTINGS } from '../platform/config/settings/webhook-settings.js';
import { ConfigurationError } from '../platform/errors.js';
import { createWebhookEndpoint, type WebhookEndpoint } from './endpoint.js';

/** Where events go by the settings, for commands. @throws ConfigurationError where that is nowhere */
export function configuredEndpoint(environment: Environment): WebhookEndpoint {
  const endpoint = createWebhookEndpoint(loadSettings(environment, WEBHOOK_SETTINGS));
  if (endpoint === undefined) {
    throw new ConfigurationError('WEBHOOK_URL is not set: events are kept, and none is sent.');
  }
  return endpoint;
}
