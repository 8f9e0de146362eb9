import type { Logger } from '../platform/logging/logger.js';
import { RecentMap } from '../platform/recent-map.js';
import type { LiveWorkers } from '../temporal/live-workers.js';

export interface WorkerCountOptions {
  look: () => Promise<LiveWorkers>;
  /** True when this process is itself one of them and runs. */
  oneOfThem: () => boolean;
  log: Pick<Logger, 'warn'>;
}

/** Processes whose wrong clock was told of. */
const REMEMBERED = 1_000;

/**
 * Counts the inference processes that are alive and not draining, and says once in the log what makes the count less sure: a server that
 * takes no heartbeats, or a worker whose clock is far off.
 */
export function createWorkerCount({ look, oneOfThem, log }: WorkerCountOptions): () => Promise<number> {
  let knownBy: LiveWorkers['knownBy'] = 'heartbeats';
  const toldOf = new RecentMap<true>(REMEMBERED);
  return async () => {
    const found = await look();
    if (found.knownBy !== knownBy && found.knownBy === 'polls') {
      log.warn('worker_heartbeats_missing', {
        message:
          'Inference workers send no heartbeats, or Temporal takes none: they are known by their polls, and one that died counts for up to five minutes. `vachan doctor` says what to do.',
      });
    }
    knownBy = found.knownBy;
    for (const { identity, seconds } of found.clocksBehind) {
      if (toldOf.has(identity)) continue;
      toldOf.set(identity, true);
      log.warn('worker_clock_differs', { worker: identity, behind_seconds: seconds });
    }
    // The server hears of a new worker after its first heartbeat only; of this one we know.
    return oneOfThem() ? Math.max(1, found.alive.length) : found.alive.length;
  };
}
