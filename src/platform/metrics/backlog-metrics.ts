import { Gauge, type Registry } from 'prom-client';
import { queueName } from '../../contract/names.js';
import type { QueueDepth } from '../../contract/backlog.js';

/** What waits, and who is there to work on it, as one orchestrator measured it. */
export interface MeasuredBacklog {
  queues: readonly {
    queueUrl: string;
    depth: QueueDepth;
    /** undefined where the queue has no dead-letter queue */
    deadLetters: number | undefined;
  }[];
  /** Inference processes that are alive and not draining. */
  inferenceWorkers: number;
  /** Batch workflows that run: a lane runs one at a time. */
  lanes: number;
}

export interface BacklogMetrics {
  /** Shows a measurement; undefined takes the last one away, since an old one would pass for a new one. */
  showBacklog(measured: MeasuredBacklog | undefined): void;
}

/** Messages that wait for each inference process; with none there, as for one. */
export function backlogPerTask({ queues, inferenceWorkers }: MeasuredBacklog): number {
  const waiting = queues.reduce((sum, { depth }) => sum + depth.visible, 0);
  return waiting / Math.max(1, inferenceWorkers);
}

export function createBacklogMetrics(registry: Registry): BacklogMetrics {
  const registers = [registry];
  const messages = new Gauge({
    name: 'vachan_backlog_messages',
    help: 'Messages of a queue: visible, in_flight, delayed. Orchestrators only.',
    labelNames: ['messaging_destination_name', 'state'],
    registers,
  });
  const deadLetters = new Gauge({
    name: 'vachan_dead_letter_messages',
    help: 'Messages in a queue’s dead-letter queue. Orchestrators only.',
    labelNames: ['messaging_destination_name'],
    registers,
  });
  const workers = new Gauge({
    name: 'vachan_inference_workers',
    help: 'Inference processes that are alive and not draining. Orchestrators only.',
    registers,
  });
  const perTask = new Gauge({
    name: 'vachan_backlog_per_task',
    help: 'Visible messages of all queues for each inference process; with none, as for one. Orchestrators only.',
    registers,
  });
  const lanes = new Gauge({
    name: 'vachan_lanes',
    help: 'Batch workflows that run, of all dates. Orchestrators only.',
    registers,
  });
  const clear = (): void => {
    for (const gauge of [messages, deadLetters]) gauge.reset();
    for (const gauge of [workers, perTask, lanes]) gauge.remove();
  };
  clear();
  return {
    showBacklog(measured) {
      clear();
      if (measured === undefined) return;
      for (const queue of measured.queues) {
        const labels = { messaging_destination_name: queueName(queue.queueUrl) };
        for (const state of ['visible', 'in_flight', 'delayed'] as const) {
          messages.set({ ...labels, state }, queue.depth[state]);
        }
        if (queue.deadLetters !== undefined) deadLetters.set(labels, queue.deadLetters);
      }
      workers.set(measured.inferenceWorkers);
      perTask.set(backlogPerTask(measured));
      lanes.set(measured.lanes);
    },
  };
}
