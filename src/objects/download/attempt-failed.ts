/** One attempt's failure that another may fix; never leaves the downloader. */
export class AttemptFailed extends Error {
  constructor(
    readonly reason: 'cut' | 'timeout' | 'throttled' | 'changed' | 'clock',
    message: string,
    /** What the server asked to wait. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AttemptFailed';
  }
}
