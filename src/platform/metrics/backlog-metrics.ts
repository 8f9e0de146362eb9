import { Gauge, type Registry } from 'prom-client';
import { queueName } from '../text/queue-name.js';

const STATES = ['visible', 'in_flight', 'delayed'] as const;

/** What waits for a pipeline, and who is there to work on it, as one orchestrator measured it. */
export interface MeasuredBacklog {
  queues: readonly {
    queueUrl: string;
    depth: Readonly<Record<(typeof STATES)[number], number>>;
    /** undefined where the queue has no dead-letter queue */
    deadLetters: number | undefined;
  }[];
  /** Worker processes that are alive and not draining. */
  workers: number;
  /** Batch workflows that run: a lane runs one at a time. */
  lanes: number;
}

export interface BacklogMetrics {
  /** Shows a measurement; undefined takes the last one away, since an old one would pass for a new one. */
  showBacklog(measured: MeasuredBacklog | undefined): void;
}

/** Messages that wait for each worker; with none there, as for one. */
export function backlogPerTask({ queues, workers }: Pick<MeasuredBacklog, 'queues' | 'workers'>): number {
  const waiting = queues.reduce((sum, { depth }) => sum + depth.visible, 0);
  return waiting / Math.max(1, workers);
}

/** @returns what shows a pipeline's backlog, under the names that dashboards have known from the start */
export function createBacklogMetrics(registry: Registry): (pipeline: string) => BacklogMetrics {
  const registers = [registry];
  const messages = new Gauge({
    name: 'vachan_backlog_messages',
    help: 'Messages of a queue: visible, in_flight, delayed. Orchestrators only.',
    labelNames: ['pipeline', 'messaging_destination_name', 'state'],
    registers,
  });
  const deadLetters = new Gauge({
    name: 'vachan_dead_letter_messages',
    help: 'Messages in a queue’s dead-letter queue. Orchestrators only.',
    labelNames: ['pipeline', 'messaging_destination_name'],
    registers,
  });
  const workers = new Gauge({
    name: 'vachan_inference_workers',
    help: 'Worker processes that are alive and not draining. Orchestrators only.',
    labelNames: ['pipeline'],
    registers,
  });
  const perTask = new Gauge({
    name: 'vachan_backlog_per_task',
    help: 'Visible messages of all queues for each worker process; with none, as for one. Orchestrators only.',
    labelNames: ['pipeline'],
    registers,
  });
  const lanes = new Gauge({
    name: 'vachan_lanes',
    help: 'Batch workflows that run, of all runs. Orchestrators only.',
    labelNames: ['pipeline'],
    registers,
  });

  return (pipeline) => {
    let shown: MeasuredBacklog['queues'] = [];
    const labelsOf = (queueUrl: string): { pipeline: string; messaging_destination_name: string } => ({
      pipeline,
      messaging_destination_name: queueName(queueUrl),
    });
    const clear = (): void => {
      for (const { queueUrl } of shown) {
        for (const state of STATES) messages.remove({ ...labelsOf(queueUrl), state });
        deadLetters.remove(labelsOf(queueUrl));
      }
      for (const gauge of [workers, perTask, lanes]) gauge.remove({ pipeline });
      shown = [];
    };
    return {
      showBacklog(measured) {
        clear();
        if (measured === undefined) return;
        shown = measured.queues;
        for (const { queueUrl, depth, deadLetters: dead } of shown) {
          for (const state of STATES) messages.set({ ...labelsOf(queueUrl), state }, depth[state]);
          if (dead !== undefined) deadLetters.set(labelsOf(queueUrl), dead);
        }
        workers.set({ pipeline }, measured.workers);
        perTask.set({ pipeline }, backlogPerTask(measured));
        lanes.set({ pipeline }, measured.lanes);
      },
    };
  };
}
