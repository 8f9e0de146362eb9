import { DependencyUnavailable } from '../platform/errors.js';
import type { Logger } from '../platform/logging/logger.js';
import { wait } from '../platform/time/wait.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Tries until a dependency answers: at start, servers come up in any order, and a process that waits and says so
 * serves better than one that is restarted in a loop. Errors that waiting cannot fix are thrown at once.
 *
 * @param mostTries for what is part of this process: where it fails so often, a new process may do better
 */
export async function untilAvailable<T>(
  attempt: () => Promise<T>,
  log: Logger,
  signal: AbortSignal,
  mostTries = Infinity,
): Promise<T> {
  for (let tries = 1, pause = FIRST_PAUSE_MS; ; tries += 1, pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DependencyUnavailable) || tries >= mostTries) throw error;
      log.warn('dependency_unavailable', { error, next_try_ms: pause });
      await wait(pause, signal);
    }
  }
}
