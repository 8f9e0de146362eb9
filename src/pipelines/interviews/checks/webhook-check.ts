import { ok, warning, type Check } from '../../../commands/finding.js';
import type { Environment } from '../../../platform/config/environment.js';
import { inspectEndpoint } from '../../../webhook/inspect-endpoint.js';
import { openEvents } from '../events/open-events.js';

const NAME = 'Webhook of interviews';

/** Whether somebody is told how interviews end. Nothing is sent. */
export function webhookCheck(environment: Environment): Check {
  return {
    name: NAME,
    todo: 'Check WEBHOOK_URL, WEBHOOK_SECRET and MONGO_URI.',
    run: async () => {
      const resend = 'vachan interviews resend --undelivered';
      const found = await inspectEndpoint(environment, openEvents, resend);
      if (found?.status === 'ok') return [ok(NAME, found.detail)];
      if (found !== undefined) return [{ check: NAME, ...found }];
      const detail = 'WEBHOOK_URL is not set: nobody is told how interviews end';
      return [warning(NAME, detail, 'Set it, or read results over HTTP.')];
    },
  };
}
