import type { BatchStore } from '../activities/shared/batch-store.js';
import type { Logger } from '../platform/logging/logger.js';
import { wait } from '../platform/time/wait.js';
import { within } from '../platform/time/within.js';
import { stopWorker } from './run-together.js';
import type { RunningWorkers } from './start-workers.js';

/** How often a drain looks whether the batches at hand are done. */
const LOOK_EVERY_MS = 100;

/** SQS takes messages back within milliseconds; one that does not answer must not outlast the grace for long. */
const GIVE_BACK_WITHIN_MS = 3000;

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
  // A clock that is set meanwhile must neither cut the grace short nor draw it out.
  const deadline = performance.now() + graceSeconds * 1000;
  if (workers.receiver !== undefined) stopWorker(workers.receiver);
  while (store !== undefined && store.size > 0 && performance.now() < deadline) await wait(LOOK_EVERY_MS);
  if (store !== undefined && store.size > 0) {
    log.warn('drain_timed_out', { open_batches: store.size });
    await giveBackInTime(store, log);
  }
  workers.others.forEach(stopWorker);
  try {
    await workers.stopped;
  } finally {
    // A receive that began or ended in the last moment brought a batch that no worker is left to work on.
    if (store !== undefined && store.size > 0) await giveBackInTime(store, log);
  }
}

/** What is not given back in time becomes visible by itself when its visibility runs out. */
async function giveBackInTime(store: BatchStore, log: Logger): Promise<void> {
  await within(GIVE_BACK_WITHIN_MS, store.giveBackAll(), () =>
    log.warn('give_back_timed_out', { within_ms: GIVE_BACK_WITHIN_MS }),
  );
}
