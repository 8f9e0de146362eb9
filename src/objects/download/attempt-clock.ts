import { AttemptFailed } from './attempt-failed.js';
import type { DownloadOptions } from './download-options.js';

/**
 * The timeouts of one attempt, as one abort signal: connecting, then silence between chunks, and the whole.
 * The signal's reason is the `AttemptFailed` to throw, or the caller's own reason when the caller aborted.
 */
export interface AttemptClock {
  readonly signal: AbortSignal;
  /** Connected, or a chunk came: silence counts from now. */
  heard(): void;
  /** Where connecting cannot be told from waiting for an answer: both together have the time of both. */
  awaitAnswer(): void;
  stop(): void;
}

export function startAttemptClock(
  options: Pick<DownloadOptions, 'connectTimeoutMs' | 'silenceTimeoutMs' | 'attemptTimeoutMs'>,
  callerSignal: AbortSignal | undefined,
): AttemptClock {
  const controller = new AbortController();
  const expire = (what: string, afterMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      controller.abort(new AttemptFailed('timeout', `${what} within ${afterMs / 1_000} s`));
    }, afterMs);
  const total = expire('not complete', options.attemptTimeoutMs);
  let quiet = expire('no connection', options.connectTimeoutMs);
  let heardBefore = false;
  const onCallerAbort = (): void => controller.abort(callerSignal?.reason);
  callerSignal?.addEventListener('abort', onCallerAbort, { once: true });
  if (callerSignal?.aborted) onCallerAbort();
  return {
    signal: controller.signal,
    heard() {
      // Hundreds of times a second: moving a timer is cheaper than a new one.
      if (heardBefore) {
        quiet.refresh();
        return;
      }
      heardBefore = true;
      clearTimeout(quiet);
      quiet = expire('no data', options.silenceTimeoutMs);
    },
    awaitAnswer() {
      heardBefore = false;
      clearTimeout(quiet);
      quiet = expire('no answer', options.connectTimeoutMs + options.silenceTimeoutMs);
    },
    stop() {
      clearTimeout(total);
      clearTimeout(quiet);
      callerSignal?.removeEventListener('abort', onCallerAbort);
    },
  };
}
