import type { Environment } from '../platform/config/environment.js';
import { configuredEndpoint } from './configured-endpoint.js';
import type { WebhookEvent } from './event.js';

/** Where a command writes. */
interface Output {
  out(text: string): void;
}

/**
 * Posts an event once, for a person who tries the endpoint, and says what came of it.
 *
 * @returns whether it was delivered
 * @throws ConfigurationError where there is no endpoint
 */
export async function sendOnce(
  environment: Environment,
  event: WebhookEvent,
  output: Output,
  asJson: boolean,
): Promise<boolean> {
  const endpoint = configuredEndpoint(environment);
  try {
    const { delivered, http_status, problem } = await endpoint.send(event);
    if (asJson) {
      const tried = { webhook_id: event.id, type: event.type, endpoint: endpoint.origin };
      output.out(JSON.stringify({ ...tried, delivered, http_status, problem }));
    } else {
      const verdict = delivered ? `delivered, answered ${http_status}` : `not delivered, ${problem}`;
      output.out(`${event.type} ${event.id} to ${endpoint.origin}: ${verdict}.`);
    }
    return delivered;
  } finally {
    endpoint.close();
  }
}
