import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from '@temporalio/worker';
import type { BatchStore } from '../activities/batch/batch-store.js';
import type { Logger } from '../platform/logging/logger.js';
import type { RunningWorkers } from './start-workers.js';

/** How often a drain looks whether the batches at hand are done. */
const LOOK_EVERY_MS = 100;

/**
 * Stops a process's workers without losing or needlessly repeating anything: no new batches; the batches at hand
 * finish within the grace, on this process's own task queue; what is left then goes back to SQS at once.
 */
export async function drainWorkers(
  workers: RunningWorkers,
  store: BatchStore | undefined,
  graceSeconds: number,
  log: Logger,
): Promise<void> {
  log.info('worker_draining', { open_batches: store?.size ?? 0, grace_seconds: graceSeconds });
  const deadline = Date.now() + graceSeconds * 1000;
  if (workers.receiver !== undefined) stop(workers.receiver);
  while (store !== undefined && store.size > 0 && Date.now() < deadline) await delay(LOOK_EVERY_MS);
  if (store !== undefined && store.size > 0) {
    log.warn('drain_timed_out', { open_batches: store.size });
    await store.giveBackAll();
  }
  workers.others.forEach(stop);
  await workers.stopped;
}

function stop(worker: Worker): void {
  // A worker that failed has stopped already.
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
