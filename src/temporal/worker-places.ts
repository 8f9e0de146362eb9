import type { Places } from '../contract/backlog.js';
import type { Logger } from '../platform/logging/logger.js';
import { RecentMap } from '../platform/recent-map.js';
import type { LiveWorkers } from './live-workers.js';

export interface WorkerPlacesOptions {
  look: () => Promise<LiveWorkers>;
  /** What this process itself takes at once; undefined while it is none of them, or does not run. */
  ownPlaces: () => number | undefined;
  log: Pick<Logger, 'warn'>;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

/** A process sends its first heartbeat after 10 s; until then its polls are all there is of it. */
const FIRST_HEARTBEAT_WITHIN_MS = 60_000;

/** Processes whose wrong clock was reported. */
const REMEMBERED = 1_000;

/**
 * Says how many units of work each worker process takes that is alive and not draining, and once in the log what makes
 * this less sure: a server that takes no heartbeats, or a worker whose clock is far off.
 */
export function watchWorkerPlaces({
  look,
  ownPlaces,
  log,
  now = () => performance.now(),
}: WorkerPlacesOptions): () => Promise<Places> {
  /** Since when workers have been known by their polls only. */
  let byPollsSinceMs: number | undefined;
  let reported = false;
  const reportedClocks = new RecentMap<true>(REMEMBERED);
  return async () => {
    const found = await look();
    byPollsSinceMs = found.knownBy === 'polls' ? (byPollsSinceMs ?? now()) : undefined;
    const missing =
      byPollsSinceMs !== undefined &&
      (!found.heartbeatsTaken || now() - byPollsSinceMs > FIRST_HEARTBEAT_WITHIN_MS);
    if (missing && !reported) {
      log.warn('worker_heartbeats_missing', {
        message:
          'Workers send no heartbeats, or Temporal takes none: they are known by their polls, and one that died counts for up to five minutes. `vachan doctor` says what to do.',
      });
    }
    reported = missing;
    for (const { identity, seconds } of found.clocksBehind) {
      if (reportedClocks.has(identity)) continue;
      reportedClocks.set(identity, true);
      log.warn('worker_clock_differs', { worker: identity, behind_seconds: seconds });
    }
    // The server hears of a new worker after its first heartbeat only; of this one we know.
    const own = ownPlaces();
    return found.alive.length === 0 && own !== undefined ? [own] : found.alive.map(({ places }) => places);
  };
}
