import type { HeldWork } from '../pipelines/pipeline.js';
import type { Logger } from '../platform/logging/logger.js';
import { wait } from '../platform/time/wait.js';
import { within } from '../platform/time/within.js';
import { stopWorker } from './run-together.js';
import type { RunningWorkers } from './start-workers.js';

/** How often a drain looks whether the work in progress is done. */
const LOOK_EVERY_MS = 100;

/** SQS takes messages back within milliseconds; one that does not answer must not outlast the grace for long. */
const GIVE_BACK_WITHIN_MS = 3000;

/** What a process is drained of. */
export interface Drained {
  workers: RunningWorkers;
  /** Take nothing new from now on. */
  services: readonly { drain?: () => void }[];
  held: readonly Pick<HeldWork, 'size' | 'giveBackAll'>[];
}

/**
 * Stops a process's workers without losing or needlessly repeating anything: nothing new is taken; the work in progress
 * is finished within the grace, on this process's own task queues; what is left then goes back to its queue at once.
 */
export async function drainWorkers(
  { workers, services, held }: Drained,
  graceSeconds: number,
  log: Logger,
): Promise<void> {
  const open = (): number => held.reduce((sum, { size }) => sum + size, 0);
  log.info('worker_draining', { open_batches: open(), grace_seconds: graceSeconds });
  // A clock that is set meanwhile must neither cut the grace short nor draw it out.
  const deadline = performance.now() + graceSeconds * 1000;
  for (const service of services) service.drain?.();
  workers.receivers.forEach(stopWorker);
  while (open() > 0 && performance.now() < deadline) await wait(LOOK_EVERY_MS);
  if (open() > 0) {
    log.warn('drain_timed_out', { open_batches: open() });
    await giveBackInTime(held, log);
  }
  workers.others.forEach(stopWorker);
  try {
    await workers.stopped;
  } finally {
    // A receive that began or ended in the last moment brought work that no worker is left to do.
    if (open() > 0) await giveBackInTime(held, log);
  }
}

/** What is not given back in time becomes visible by itself when its visibility runs out. */
async function giveBackInTime(held: Drained['held'], log: Logger): Promise<void> {
  await within(GIVE_BACK_WITHIN_MS, Promise.all(held.map((one) => one.giveBackAll())), () =>
    log.warn('give_back_timed_out', { within_ms: GIVE_BACK_WITHIN_MS }),
  );
}
