/** Retries of many events must not fall on a receiver in one moment. */
const JITTER = 0.1;
/** A slip of the receiver's clock or units must not keep an event for weeks. */
const LONGEST_ASKED_SECONDS = 24 * 3_600;

/**
 * How long to wait for the next try at an event.
 *
 * @param tries that were made, 1 after the first
 * @param delays seconds, WEBHOOK_RETRY_DELAYS
 * @param asked what the receiver asked for, in seconds; obeyed up to a day
 * @param random in [0, 1)
 * @returns milliseconds; undefined where no try is left
 */
export function nextTryMs(
  tries: number,
  delays: readonly number[],
  asked: number | undefined,
  random: () => number,
): number | undefined {
  const delay = delays[tries - 1];
  if (delay === undefined) return undefined;
  const least = Math.min(asked ?? 0, LONGEST_ASKED_SECONDS);
  return Math.round(Math.max(delay, least) * 1000 * (1 + JITTER * random()));
}
