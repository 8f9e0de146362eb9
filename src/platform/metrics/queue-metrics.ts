import { Counter, Histogram, type Registry } from 'prom-client';
import { queueName } from '../text/queue-name.js';
import { AGE_SECONDS, BATCH_STAGE_SECONDS } from './buckets.js';

/** Messages on their way through SQS, under OpenTelemetry's semantic names in Prometheus form where it has one. */
export interface QueueMetrics {
  sent(queueUrl: string, messages: number): void;
  /** @param sentAtMs when each message that came for the first time was sent, as far as SQS says */
  received(queueUrl: string, messages: number, sentAtMs: readonly number[], nowMs: number): void;
  /** A message's time from its receipt until its outcome was settled. */
  processed(queueUrl: string, seconds: number): void;
}

const LABELS = [
  'pipeline',
  'messaging_system',
  'messaging_operation_name',
  'messaging_destination_name',
] as const;

/** @returns what counts a pipeline's messages */
export function createQueueMetrics(registry: Registry): (pipeline: string) => QueueMetrics {
  const registers = [registry];
  const sent = new Counter({
    name: 'messaging_client_sent_messages_total',
    help: 'Messages that were put into SQS.',
    labelNames: LABELS,
    registers,
  });
  const consumed = new Counter({
    name: 'messaging_client_consumed_messages_total',
    help: 'Messages that arrived from SQS, repeated deliveries too.',
    labelNames: LABELS,
    registers,
  });
  const processing = new Histogram({
    name: 'messaging_process_duration_seconds',
    help: 'From the start of a batch’s receipt until a message’s outcome was settled.',
    labelNames: LABELS,
    buckets: BATCH_STAGE_SECONDS,
    registers,
  });
  const age = new Histogram({
    name: 'vachan_receive_age_seconds',
    help: 'How long messages had been in SQS at their first delivery.',
    labelNames: ['pipeline'],
    buckets: AGE_SECONDS,
    registers,
  });

  return (pipeline) => {
    const labels = (operation: string, queueUrl: string): Record<(typeof LABELS)[number], string> => ({
      pipeline,
      messaging_system: 'aws_sqs',
      messaging_operation_name: operation,
      messaging_destination_name: queueName(queueUrl),
    });
    return {
      sent: (queueUrl, messages) => sent.inc(labels('send', queueUrl), messages),
      received(queueUrl, messages, sentAtMs, nowMs) {
        consumed.inc(labels('receive', queueUrl), messages);
        // SQS's clock may be ahead of ours by a moment.
        for (const at of sentAtMs) age.observe({ pipeline }, Math.max(0, nowMs - at) / 1000);
      },
      processed: (queueUrl, seconds) => processing.observe(labels('process', queueUrl), seconds),
    };
  };
}
