import type { Logger } from '../platform/logging/logger.js';
import { RecentMap } from '../platform/recent-map.js';
import type { LiveWorkers } from '../temporal/live-workers.js';

export interface WorkerCountOptions {
  look: () => Promise<LiveWorkers>;
  /** True when this process is itself one of them and runs. */
  oneOfThem: () => boolean;
  log: Pick<Logger, 'warn'>;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

/** A process sends its first heartbeat after 10 s; until then its polls are all there is of it. */
const FIRST_HEARTBEAT_WITHIN_MS = 60_000;

/** Processes whose wrong clock was told of. */
const REMEMBERED = 1_000;

/**
 * Counts the inference processes that are alive and not draining, and says once in the log what makes the count less sure: a server that
 * takes no heartbeats, or a worker whose clock is far off.
 */
export function createWorkerCount({
  look,
  oneOfThem,
  log,
  now = () => performance.now(),
}: WorkerCountOptions): () => Promise<number> {
  /** Since when workers have been known by their polls only. */
  let byPollsSinceMs: number | undefined;
  let told = false;
  const toldOf = new RecentMap<true>(REMEMBERED);
  return async () => {
    const found = await look();
    byPollsSinceMs = found.knownBy === 'polls' ? (byPollsSinceMs ?? now()) : undefined;
    const missing =
      byPollsSinceMs !== undefined &&
      (!found.heartbeatsTaken || now() - byPollsSinceMs > FIRST_HEARTBEAT_WITHIN_MS);
    if (missing && !told) {
      log.warn('worker_heartbeats_missing', {
        message:
          'Inference workers send no heartbeats, or Temporal takes none: they are known by their polls, and one that died counts for up to five minutes. `vachan doctor` says what to do.',
      });
    }
    told = missing;
    for (const { identity, seconds } of found.clocksBehind) {
      if (toldOf.has(identity)) continue;
      toldOf.set(identity, true);
      log.warn('worker_clock_differs', { worker: identity, behind_seconds: seconds });
    }
    // The server hears of a new worker after its first heartbeat only; of this one we know.
    return oneOfThem() ? Math.max(1, found.alive.length) : found.alive.length;
  };
}
