import { ok, type Check } from '../../../commands/finding.js';
import type { Environment } from '../../../platform/config/environment.js';
import { inspectEndpoint } from '../../../webhook/inspect-endpoint.js';
import { openEvents } from '../events/open-events.js';

const NAME = 'Webhook of exports';

/** Whether somebody is told how exports end, where that is wanted. Nothing is sent. */
export function webhookCheck(environment: Environment): Check {
  return {
    name: NAME,
    todo: 'Check WEBHOOK_URL, WEBHOOK_SECRET and EXPORT_STATE_PREFIX.',
    run: async () => {
      const found = await inspectEndpoint(environment, openEvents, 'vachan exports resend ID for each');
      if (found === undefined) return [ok(NAME, 'WEBHOOK_URL is not set: nobody is told, which is fine')];
      return found.status === 'ok' ? [ok(NAME, found.detail)] : [{ check: NAME, ...found }];
    },
  };
}
