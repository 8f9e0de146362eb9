import { Counter, type Registry } from 'prom-client';

/** What one try to deliver an event can come to. */
export const WEBHOOK_OUTCOMES = ['delivered', 'failed', 'undelivered', 'dropped'] as const;
export type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number];

/** Events on their way to the world. */
export interface WebhookMetrics {
  /** Begins to count for a pipeline that sends events. */
  webhooks(): (outcome: WebhookOutcome) => void;
}

/** @returns what counts a pipeline's tries */
export function createWebhookMetrics(registry: Registry): (pipeline: string) => WebhookMetrics {
  const tries = new Counter({
    name: 'vachan_webhook_tries_total',
    help: 'Tries to deliver an event by what came of them: delivered, failed (another follows), undelivered (the last), dropped (superseded).',
    labelNames: ['pipeline', 'outcome'],
    registers: [registry],
  });
  return (pipeline) => ({
    webhooks() {
      // A series that appears with its first event has no increase to alert on.
      for (const outcome of WEBHOOK_OUTCOMES) tries.inc({ pipeline, outcome }, 0);
      return (outcome) => tries.inc({ pipeline, outcome });
    },
  });
}
