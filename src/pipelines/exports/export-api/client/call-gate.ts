import { wait } from '../../../../platform/time/wait.js';
import { ApiUnavailable } from '../../errors.js';

/** Who calls: `listing` are the API activities of orchestrators (status, pages, the end's word), `link` the workers. */
export type CallKind = 'listing' | 'link';

/** Lets this process's calls of one API through: one after another at a rate, and none during a pause. */
export interface CallGate {
  /**
   * Waits for a turn.
   *
   * @throws ApiUnavailable at once when that would take longer than a caller should hold its place
   */
  turn(kind: CallKind, signal?: AbortSignal): Promise<void>;
  /** Nobody calls for so long; a longer pause that goes on already stays. */
  pause(milliseconds: number): void;
  /** Processes that make calls of this kind; its share of the rate is divided by them. */
  setProcesses(kind: CallKind, processes: number): void;
}

/**
 * What either kind may take of the rate, so that links never starve the listing, nor it the links. Halves, since a job
 * of a status, two pages and three links, which settings are made for, asks as often for one as for the other.
 */
export const SHARES: Readonly<Record<CallKind, number>> = { listing: 0.5, link: 0.5 };

/** Longer is for the activity's own retry, which holds no slot meanwhile. */
const LONGEST_WAIT_MS = 15_000;

/** Callers that were paused together start again spread over this, or a tenth of the pause where that is longer. */
const SPREAD_MS = 500;

/**
 * @param perSecond calls of the whole installation; undefined is no limit
 */
export function createCallGate(
  perSecond: number | undefined,
  {
    random = Math.random,
    longestWaitMs = LONGEST_WAIT_MS,
  }: { random?: () => number; longestWaitMs?: number } = {},
): CallGate {
  const processes: Record<CallKind, number> = { listing: 1, link: 1 };
  let pausedUntil = 0;
  let spreadMs = 0;
  const nextTurn: Record<CallKind, number> = { listing: 0, link: 0 };
  const intervalMs = (kind: CallKind): number =>
    perSecond === undefined ? 0 : (1000 * processes[kind]) / (perSecond * SHARES[kind]);
  return {
    async turn(kind, signal) {
      // Again after a wait, since a pause may have begun meanwhile.
      for (;;) {
        const now = performance.now();
        const paused = pausedUntil > now ? pausedUntil + random() * spreadMs : 0;
        const at = Math.max(now, paused, nextTurn[kind]);
        if (at - now > longestWaitMs) {
          throw new ApiUnavailable(
            `The Export API asked to slow down; calls go on in ${Math.ceil((at - now) / 1000)} s.`,
            at - now,
          );
        }
        nextTurn[kind] = at + intervalMs(kind);
        if (at <= now) return;
        await wait(at - now, signal);
        if (pausedUntil <= performance.now()) return;
      }
    },
    pause(milliseconds) {
      const until = performance.now() + milliseconds;
      if (until <= pausedUntil) return;
      pausedUntil = until;
      spreadMs = Math.max(SPREAD_MS, milliseconds / 10);
    },
    setProcesses(kind, live) {
      processes[kind] = Math.max(1, live);
    },
  };
}

/** Calls a second that API activities of all orchestrators may make, of a rate for everything. */
export const listingRate = (perSecond: number): number => perSecond * SHARES.listing;
