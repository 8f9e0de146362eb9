/**
 * Full jitter: anything between zero and a capped bound that doubles with each attempt, so that callers that failed
 * together do not return together (AWS, "Exponential Backoff and Jitter").
 *
 * @param attempt 0 for the wait after the first attempt
 * @param random in [0, 1)
 * @returns milliseconds
 */
export function fullJitterMs(
  attempt: number,
  { baseMs, maxMs }: { baseMs: number; maxMs: number },
  random: () => number = Math.random,
): number {
  return random() * Math.min(maxMs, baseMs * 2 ** attempt);
}
