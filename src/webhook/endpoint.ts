import { createHash } from 'node:crypto';
import { createConnectionPolicy } from '../objects/connection-policy.js';
import { AddressRefused } from '../objects/errors.js';
import type { AddressRules } from '../objects/pinned-address.js';
import type { WEBHOOK_SETTINGS } from '../platform/config/settings/webhook-settings.js';
import type { SettingsOf } from '../platform/config/settings-table.js';
import { ConfigurationError } from '../platform/errors.js';
import { ownVersion } from '../platform/own-version.js';
import { bodyOf, type WebhookEvent } from './event.js';
import { NoAnswer, post, type Answer } from './post.js';
import { signedHeaders } from './signature.js';

export type WebhookSettings = SettingsOf<typeof WEBHOOK_SETTINGS>;

/** One try at an event. */
export interface DeliveryTry {
  at: Date;
  delivered: boolean;
  /** The receiver is gone for good (410), and wants to hear nothing more. */
  gone: boolean;
  http_status?: number;
  /** Why it was not delivered; holds no address. */
  problem?: string;
  /** What the receiver asked for. */
  retry_after_seconds?: number;
}

/** Where events go: the one place that the settings name. */
export interface WebhookEndpoint {
  /** Stands for the address where what became of it is kept; another address is another endpoint. */
  readonly key: string;
  /** For people: scheme and host alone. */
  readonly origin: string;
  /** Seconds before each further try. */
  readonly delays: readonly number[];
  /**
   * Makes one try. That the receiver refuses, or is not there, is an answer as well.
   *
   * @throws the signal's reason when it aborts
   */
  send(event: WebhookEvent, signal?: AbortSignal, at?: Date): Promise<DeliveryTry>;
  close(): void;
}

/** What tests replace. */
export interface EndpointParts {
  rules?: AddressRules;
  extraCa?: string;
  now?: () => Date;
}

/**
 * @returns undefined where no address is set
 * @throws ConfigurationError where it can never be posted to
 */
export function createWebhookEndpoint(
  settings: WebhookSettings,
  { now = () => new Date(), ...parts }: EndpointParts = {},
): WebhookEndpoint | undefined {
  const { WEBHOOK_URL: address, WEBHOOK_SECRET: secrets, WEBHOOK_RETRY_DELAYS: delays } = settings;
  if (address === undefined) return undefined;
  if (secrets === undefined) throw new ConfigurationError('WEBHOOK_URL is set, and WEBHOOK_SECRET is not.');
  const url = new URL(address);
  const policy = createConnectionPolicy({
    what: 'Delivery',
    privateHosts: settings.WEBHOOK_PRIVATE_HOSTS,
    ...parts,
  });
  const timeoutMs = settings.WEBHOOK_TIMEOUT * 1000;
  try {
    policy.agentFor(url);
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw new ConfigurationError(
      `WEBHOOK_URL cannot be used: ${error.message}. WEBHOOK_PRIVATE_HOSTS names exceptions.`,
    );
  }
  return {
    key: createHash('sha256').update(url.href).digest('hex').slice(0, 16),
    origin: url.origin,
    delays,
    async send(event, signal, at = now()) {
      const body = bodyOf(event);
      const headers = {
        'content-type': 'application/json',
        'user-agent': `vachan/${ownVersion()}`,
        ...signedHeaders({ id: event.id, body, at }, secrets),
      };
      try {
        return {
          at,
          ...read(await post({ url, headers, body, agent: policy.agentFor(url), timeoutMs, signal })),
        };
      } catch (error) {
        if (!(error instanceof NoAnswer || error instanceof AddressRefused)) throw error;
        return { at, delivered: false, gone: false, problem: error.message };
      }
    },
    close: () => policy.close(),
  };
}

const GONE = 410;

function read({ status, retryAfterSeconds }: Answer): Omit<DeliveryTry, 'at'> {
  const answer = { http_status: status, gone: status === GONE };
  if (status >= 200 && status < 300) return { ...answer, delivered: true };
  return {
    ...answer,
    delivered: false,
    problem:
      status >= 300 && status < 400 ? `a redirect (${status}), which is not followed` : `answered ${status}`,
    ...(retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
  };
}
