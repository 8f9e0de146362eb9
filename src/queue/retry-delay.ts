export interface RetryDelayOptions {
  /** Delay after the first delivery. @default 30: an object store's hiccup is over by then */
  baseSeconds?: number;
  /**
   * @default 900: four deliveries span about 7 minutes, ten about 2 hours, so the DLQ is reached within the same run
   */
  maxSeconds?: number;
  /** The delay is shortened by up to this share of it. @default 0.2, so that a failed batch does not return as one */
  jitter?: number;
}

/**
 * How long a message that failed stays invisible: `baseSeconds × 2^(receiveCount - 1)`, capped, less jitter.
 *
 * @param receiveCount SQS's `ApproximateReceiveCount`, 1 on the first delivery; anything lower counts as 1
 * @returns whole seconds, at least 1 where the cap allows
 */
export function retryDelaySeconds(
  receiveCount: number,
  { baseSeconds = 30, maxSeconds = 900, jitter = 0.2 }: RetryDelayOptions = {},
  random: () => number = Math.random,
): number {
  const doublings = Number.isFinite(receiveCount) ? Math.max(0, receiveCount - 1) : 0;
  const delay = Math.min(maxSeconds, baseSeconds * 2 ** doublings);
  return Math.min(maxSeconds, Math.max(1, Math.round(delay * (1 - jitter * random()))));
}
