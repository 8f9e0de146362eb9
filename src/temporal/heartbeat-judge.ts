/** Workers tell the server that they live every 10 s; three missed words in a row mean that one is dead. */
export const DEAD_AFTER_MS = 30_000;

/** A worker's last word, as the server passes it on: the time is the worker's, by a clock that may be wrong. */
export interface Heartbeat {
  instance: string;
  /** Milliseconds since 1970 by the worker's clock. */
  beatMs: number;
}

/** `unsure`: its clock is far from ours, and it has not been heard of twice yet; it may be dead. */
export type Verdict = 'alive' | 'dead' | 'unsure';

export interface Judged {
  verdict: Verdict;
  /** How far the worker's clock is behind ours, in milliseconds; undefined while nothing is known. */
  clockBehindMs: number | undefined;
}

interface Heard {
  beatMs: number;
  askedAtMs: number;
  clockBehindMs: number | undefined;
}

/** Milliseconds since 1970 as of this process's start, that no later setting of the clock moves. */
const unmoved = (): number => performance.timeOrigin + performance.now();

export interface HeartbeatJudge {
  /**
   * @param heartbeats all that the server has now
   * @param askedAtMs when it was asked, by {@link now}
   */
  judge(heartbeats: readonly Heartbeat[], askedAtMs: number): Map<string, Judged>;
  now(): number;
}

/**
 * Tells from workers' heartbeats which of them live, whatever their clocks say.
 *
 * The server hands on no time of its own. But a heartbeat that has changed since the last look is no older than that look: what its time
 * says beyond that is how far the worker's clock is off, and is taken into account from then on. A worker that is heard
 * of for the first time is believed as long as its clock and ours agree.
 */
export function createHeartbeatJudge(now: () => number = unmoved): HeartbeatJudge {
  let heardBefore = new Map<string, Heard>();

  return {
    now,
    judge(heartbeats, askedAtMs) {
      const at = now();
      const heard = new Map<string, Heard>();
      const judged = new Map<string, Judged>();
      for (const { instance, beatMs } of heartbeats) {
        const seemsOldMs = at - beatMs;
        const before = heardBefore.get(instance);
        const clockBehindMs = clockBehind(seemsOldMs, beatMs, before, at);
        heard.set(instance, { beatMs, askedAtMs, clockBehindMs });
        judged.set(instance, { verdict: verdictOf(seemsOldMs, clockBehindMs), clockBehindMs });
      }
      heardBefore = heard;
      return judged;
    },
  };
}

function clockBehind(
  seemsOldMs: number,
  beatMs: number,
  before: Heard | undefined,
  at: number,
): number | undefined {
  if (before === undefined) return Math.abs(seemsOldMs) <= DEAD_AFTER_MS ? 0 : undefined;
  if (before.beatMs === beatMs) return before.clockBehindMs;
  // It came between the last look and now.
  const least = seemsOldMs - (at - before.askedAtMs);
  const most = seemsOldMs;
  return Math.min(most, Math.max(least, before.clockBehindMs ?? most));
}

function verdictOf(seemsOldMs: number, clockBehindMs: number | undefined): Verdict {
  if (clockBehindMs === undefined) return 'unsure';
  return seemsOldMs - clockBehindMs <= DEAD_AFTER_MS ? 'alive' : 'dead';
}
