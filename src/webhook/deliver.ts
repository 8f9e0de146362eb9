import type { WebhookTry } from '../contract/webhook.js';
import type { Logger } from '../platform/logging/logger.js';
import type { DeliveryTry, WebhookEndpoint } from './endpoint.js';
import type { EndpointStates } from './endpoint-states.js';
import type { WebhookEvent } from './event.js';
import { nextTryMs } from './next-try.js';

/** What is written down of a try. */
export type MadeTry = Pick<DeliveryTry, 'at' | 'http_status' | 'problem'>;

/** Where a pipeline keeps its events, while they are being delivered. */
export interface DeliveryStore {
  /** @returns undefined for an event that is not to be delivered any more */
  pending(eventId: string): Promise<{ event: WebhookEvent; tries: number } | undefined>;
  delivered(eventId: string, made: MadeTry): Promise<void>;
  /** @param nextTryAt undefined: none will follow, the event is undelivered */
  failed(eventId: string, made: MadeTry, nextTryAt: Date | undefined): Promise<void>;
}

export interface DeliveryParts {
  /** Undefined where no address is set. */
  endpoint: WebhookEndpoint | undefined;
  states: EndpointStates;
  store: DeliveryStore;
  log: Logger;
  /** Told of each try, for metrics. */
  onTry?: (outcome: WebhookTry['outcome']) => void;
  now?: () => Date;
  random?: () => number;
}

/**
 * Makes one try to deliver an event, and writes down what became of it. It is written after the receiver has answered: a
 * process that dies in between sends the event again, under the same id.
 *
 * @param at what the receiver is told that the time is @default this process's
 * @throws DependencyUnavailable of the store's; the signal's reason when it aborts
 */
export type DeliverOnce = (eventId: string, signal?: AbortSignal, at?: Date) => Promise<WebhookTry>;

export function createDeliverOnce(parts: DeliveryParts): DeliverOnce {
  const { onTry } = parts;
  return async (eventId, signal, at) => {
    const made = await tryOnce(parts, eventId, signal, at);
    onTry?.(made.outcome);
    return made;
  };
}

async function tryOnce(
  { endpoint, states, store, log, now = () => new Date(), random = Math.random }: DeliveryParts,
  eventId: string,
  signal: AbortSignal | undefined,
  time: Date | undefined,
): Promise<WebhookTry> {
  const waiting = await store.pending(eventId);
  if (waiting === undefined) return { outcome: 'dropped' };
  const { event, tries } = waiting;
  const named = { webhook_id: event.id, type: event.type };
  const undelivered = async (made: MadeTry): Promise<WebhookTry> => {
    await store.failed(eventId, made, undefined);
    log.error('webhook_undelivered', { ...named, problem: made.problem });
    return { outcome: 'undelivered' };
  };
  if (endpoint === undefined) return undelivered({ at: now(), problem: 'no endpoint is set' });
  if ((await states.disabled(endpoint.key)) !== undefined) {
    return undelivered({ at: now(), problem: 'the endpoint is disabled' });
  }
  const { at, http_status, problem, ...answer } = await endpoint.send(event, signal, time);
  const made: MadeTry = {
    at,
    ...(http_status !== undefined && { http_status }),
    ...(problem !== undefined && { problem }),
  };
  if (answer.delivered) {
    await store.delivered(eventId, made);
    log.info('webhook_delivered', { ...named, tries: tries + 1 });
    return { outcome: 'delivered' };
  }
  if (answer.gone) {
    await states.disable(endpoint.key, { at, reason: problem ?? 'answered 410' });
    log.error('webhook_endpoint_disabled', { problem });
    return undelivered(made);
  }
  const waitMs = nextTryMs(tries + 1, endpoint.delays, answer.retry_after_seconds, random);
  if (waitMs === undefined) return undelivered(made);
  await store.failed(eventId, made, new Date(now().getTime() + waitMs));
  log.warn('webhook_failed', { ...named, tries: tries + 1, problem, wait_ms: waitMs });
  return { outcome: 'failed', wait_ms: waitMs };
}
