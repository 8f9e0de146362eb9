import type { RequestClock } from '../request-clock.js';
import type { WholeAnswer } from './answer-reader.js';
import type { Connection } from './connections.js';

/** As much of a body is given to the socket at once: whether a slow line moves is seen between two pieces. */
const SEND_BYTES = 1024 * 1024;

/** What goes over a connection: the request's line and headers, and its body. */
export interface WireRequest {
  head: string;
  pieces: readonly Buffer[];
}

/**
 * Sends a request over a connection, and resolves with its whole answer. The connection is given back in every case.
 *
 * @throws the clock's reason when that runs out, else what the connection broke with
 */
export function sendBytes(
  connection: Connection,
  { head, pieces }: WireRequest,
  clock: RequestClock,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const { socket } = connection;
    let isSent = false;
    let isOver = false;
    const fail = (error: Error): void => {
      if (isOver) return;
      isOver = true;
      connection.giveBack(false);
      reject(error);
    };
    connection.expect({
      answered(answer) {
        if (isOver) return;
        isOver = true;
        // A refusal may come before the body has been taken: the connection is of no use then.
        connection.giveBack(isSent && answer.keepsConnection);
        resolve(answer);
      },
      failed: fail,
    });
    clock.onOver(fail);
    connection.onConnected(() => clock.heard());

    const rest = slices(pieces);
    const next = (): void => {
      if (isOver) return;
      const { value, done } = rest.next();
      if (done === true) {
        isSent = true;
        return;
      }
      socket.write(value, (error) => {
        if (error) return;
        clock.heard();
        next();
      });
    };
    // Head and body in one call of the system.
    socket.cork();
    socket.write(head, 'latin1');
    next();
    socket.uncork();
  });
}

function* slices(pieces: readonly Buffer[]): Generator<Buffer, undefined> {
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += SEND_BYTES)
      yield piece.subarray(start, start + SEND_BYTES);
  }
  return undefined;
}
