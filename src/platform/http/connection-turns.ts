import type { Duplex } from 'node:stream';
import type { PacedConnection } from './paced-connection.js';

/** What a connection has asked for. */
export interface Use {
  /** In all. */
  requests: number;
  unanswered: number;
  /** The second that `inSecond` counts. */
  second: number;
  inSecond: number;
}

export const newUse = (): Use => ({ requests: 0, unanswered: 0, second: 0, inSecond: 0 });

export function countRequest(use: Use): void {
  const second = secondNow();
  if (use.second !== second) Object.assign(use, { second, inSecond: 0 });
  use.inSecond++;
  use.requests++;
  use.unanswered++;
}

const secondNow = (): number => Math.floor(performance.now() / 1000);

/** Requests of the latest second that had any, unless that is long ago. */
export function recentRequests({ second, inSecond }: Use): number {
  return secondNow() - second <= 1 ? inSecond : 0;
}

/** How often to look again when all who wait have had enough for now. */
const LOOK_AGAIN_MS = 50;

/** Newcomers that may read in one turn of the event loop, if none of the others does. */
const NEWCOMERS_A_TURN = 4;

/**
 * Lets connections read by turns: in each turn of the event loop a few newcomers, the latest first, or one of those that have asked
 * before, and of these the one that has asked least. A probe's request is so answered within a few turns, whatever a hundred
 * others have sent, and turns are short: Node accepts one connection in each.
 *
 * @param open connections and what they have asked for; who is not there any more is passed over
 */
export function createTurns(
  { pipelined, requestsPerSecond }: { pipelined: number; requestsPerSecond: number },
  open: ReadonlyMap<Duplex, Use>,
): { queue: (connection: PacedConnection) => void } {
  const waiting = new Set<PacedConnection>();
  let scheduled = false;

  const mayRead = (use: Use): boolean =>
    use.unanswered < pipelined && (use.second !== secondNow() || use.inSecond < requestsPerSecond);

  const turn = (): void => {
    scheduled = false;
    const newcomers: PacedConnection[] = [];
    let modest: { connection: PacedConnection; requests: number } | undefined;
    // A set keeps the order of insertion.
    for (const connection of waiting) {
      const use = open.get(connection);
      if (use === undefined) waiting.delete(connection);
      else if (use.requests === 0) newcomers.push(connection);
      else if (mayRead(use) && use.requests < (modest?.requests ?? Infinity)) {
        modest = { connection, requests: use.requests };
      }
    }
    const latest = newcomers.slice(-NEWCOMERS_A_TURN);
    const next = latest.length > 0 || modest === undefined ? latest : [modest.connection];
    for (const connection of next) {
      waiting.delete(connection);
      connection.readOn();
    }
    schedule(next.length > 0);
  };
  const schedule = (soon: boolean): void => {
    if (scheduled || waiting.size === 0) return;
    scheduled = true;
    if (soon) setImmediate(turn);
    else setTimeout(turn, LOOK_AGAIN_MS);
  };

  return {
    queue(connection) {
      waiting.add(connection);
      schedule(true);
    },
  };
}
