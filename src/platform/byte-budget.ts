/** Bytes that somebody may keep in memory. */
export interface ByteHold {
  readonly bytes: number;
  /** Gives them back; any number of calls. */
  release(): void;
}

export interface TakeOptions {
  /**
   * Where in a piece of work the bytes are needed, from 0. Who holds bytes may wait for more at a higher rank only (a directory at 0,
   * what is read at 1, what is sent at 2): that is why two holders never wait for one another.
   */
  rank: number;
  signal?: AbortSignal | undefined;
}

/** How many bytes a process keeps in memory for work that comes in pieces of any size. */
export interface ByteBudget {
  readonly limitBytes: number;
  readonly heldBytes: number;
  /** Requests that wait. */
  readonly waiting: number;
  /**
   * Resolves when the bytes are there, first come, first served. More than the whole budget is given to one at a time, alone at its
   * rank. @throws the signal's reason when it aborts first
   */
  take(bytes: number, options: TakeOptions): Promise<ByteHold>;
}

interface Request {
  bytes: number;
  rank: number;
  grant: (hold: ByteHold) => void;
}

/**
 * A request is granted in its turn when it fits, and out of turn when nothing is held at its rank or above. The second rule keeps work
 * going: whoever holds bytes at the highest rank that anyone waits for waits for nothing and will release them. It exceeds the limit by one
 * request a rank at most.
 */
export function createByteBudget(limitBytes: number): ByteBudget {
  const heldAt = new Map<number, number>();
  const queue: Request[] = [];
  let heldBytes = 0;

  const isFreeFrom = (rank: number): boolean =>
    [...heldAt].every(([other, holds]) => other < rank || holds === 0);
  const count = (request: Request, sign: 1 | -1): void => {
    heldBytes += sign * request.bytes;
    heldAt.set(request.rank, (heldAt.get(request.rank) ?? 0) + sign);
  };
  const hold = (request: Request): ByteHold => {
    count(request, 1);
    let released = false;
    return {
      bytes: request.bytes,
      release: () => {
        if (released) return;
        released = true;
        count(request, -1);
        grantWhatCanBe();
      },
    };
  };
  const grantWhatCanBe = (): void => {
    let inTurn = true;
    for (const request of [...queue]) {
      inTurn &&= heldBytes + request.bytes <= limitBytes;
      if (!inTurn && !isFreeFrom(request.rank)) continue;
      queue.splice(queue.indexOf(request), 1);
      request.grant(hold(request));
    }
  };

  return {
    limitBytes,
    get heldBytes() {
      return heldBytes;
    },
    get waiting() {
      return queue.length;
    },
    take: (bytes, { rank, signal }) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        const onAbort = (): void => {
          queue.splice(queue.indexOf(request), 1);
          reject(signal?.reason as Error);
          // It may have stood before others that fit.
          grantWhatCanBe();
        };
        const request: Request = {
          bytes,
          rank,
          grant: (held) => {
            signal?.removeEventListener('abort', onAbort);
            resolve(held);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        queue.push(request);
        grantWhatCanBe();
      }),
  };
}
