/** So many calls a second, after a burst of as many. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #now: () => number;
  #left: number;
  #at: number;

  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#left = perSecond;
    this.#at = now();
  }

  /** Takes a call's place, if one is left. */
  take(): { allowed: boolean; remaining: number; resetSeconds: number } {
    const now = this.#now();
    this.#left = Math.min(this.#perSecond, this.#left + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    const allowed = this.#left >= 1;
    if (allowed) this.#left -= 1;
    return {
      allowed,
      remaining: Math.floor(this.#left),
      resetSeconds: Math.max(1, Math.ceil((1 - this.#left) / this.#perSecond)),
    };
  }
}
