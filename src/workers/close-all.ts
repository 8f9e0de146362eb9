import type { Logger } from '../platform/logging/logger.js';

/**
 * Closes what a process has opened, the last first and every one, whatever fails on the way.
 *
 * @returns what failed, which is logged, so that it need not hide why the process ends
 */
export async function closeAll(closers: readonly (() => unknown)[], log: Logger): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const close of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
      log.error('unexpected_error', { error, while: 'closing' });
    }
  }
  return failures;
}
