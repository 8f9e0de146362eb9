import type { Logger } from '../platform/logging/logger.js';

/** Schedulers are told to wait for the grace and five seconds more; this ends before their SIGKILL, and says so. */
const AFTER_GRACE_MS = 4500;

/**
 * Ends the process when a drain, or the closing of a connection that a server has forgotten, outlasts the grace:
 * nothing is lost by it, since what is unfinished comes back when its visibility runs out.
 */
export function forceStopAfter(
  graceSeconds: number,
  log: Pick<Logger, 'error'>,
  exit: (code: number) => void = (code) => process.exit(code),
): void {
  setTimeout(
    () => {
      log.error('stop_forced', { grace_seconds: graceSeconds, after_grace_ms: AFTER_GRACE_MS });
      exit(1);
    },
    graceSeconds * 1000 + AFTER_GRACE_MS,
  ).unref();
}
