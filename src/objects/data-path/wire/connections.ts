import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Target } from '../endpoint.js';
import { createAnswerReader, type AnswerReader, type WholeAnswer } from './answer-reader.js';

/** Who waits for an answer. One of the two is called, once. */
export interface Waiting {
  answered(answer: WholeAnswer): void;
  failed(error: Error): void;
}

/** A connection that is the receiver's, for one request. */
export interface Connection {
  readonly socket: Socket;
  /** It has served before, and had been idle since. */
  readonly wasIdle: boolean;
  /** Until it can be written to; at once where it is. */
  onConnected(listener: () => void): void;
  /** Told of the next answer. */
  expect(waiting: Waiting): void;
  /** Over: it is kept for the next request, or not. */
  giveBack(keep: boolean): void;
}

export interface Connections {
  take(target: Target): Connection;
  close(): void;
}

/** @param idleMs after which a connection is not used again; it is closed within half as much more */
export function createConnections(idleMs: number): Connections {
  const idle = new Map<string, Line[]>();
  const open = new Set<Line>();
  let sweeping: NodeJS.Timeout | undefined;
  const isStale = ({ idleSince }: Line): boolean => performance.now() - idleSince > idleMs;
  const sweep = (): void => {
    for (const lines of idle.values())
      for (const line of [...lines]) if (isStale(line)) line.socket.destroy();
    if (open.size > 0) return;
    clearInterval(sweeping);
    sweeping = undefined;
  };
  const pool: Pool = {
    keep(line) {
      const lines = idle.get(line.name);
      if (lines === undefined) idle.set(line.name, [line]);
      else lines.push(line);
      // One timer for all: a socket's own is set anew with each request.
      sweeping ??= setInterval(sweep, idleMs / 2).unref();
    },
    forget(line) {
      open.delete(line);
      const lines = idle.get(line.name) ?? [];
      const at = lines.indexOf(line);
      if (at !== -1) lines.splice(at, 1);
    },
  };
  return {
    take(target) {
      const name = `${target.protocol}//${target.hostname}:${target.port ?? ''}`;
      // The last used first: the others may end.
      const lines = idle.get(name) ?? [];
      for (let kept = lines.pop(); kept !== undefined; kept = lines.pop()) {
        if (kept.socket.destroyed) continue;
        if (isStale(kept)) {
          // Between two rounds of the sweep: the store may be about to close it.
          kept.socket.destroy();
          continue;
        }
        kept.wake();
        return kept;
      }
      const line = new Line(name, target, pool);
      open.add(line);
      return line;
    },
    close() {
      for (const line of [...open]) line.socket.destroy();
      clearInterval(sweeping);
    },
  };
}

interface Pool {
  keep(line: Line): void;
  forget(line: Line): void;
}

/** Listens to its socket once and for all: listeners that come and go with each request cost as much as the request. */
class Line implements Connection {
  readonly name: string;
  readonly socket: Socket;
  wasIdle = false;
  idleSince = 0;
  readonly #pool: Pool;
  readonly #connectedEvent: 'connect' | 'secureConnect';
  readonly #reader: AnswerReader = createAnswerReader();
  #waiting: Waiting | undefined;

  constructor(name: string, target: Target, pool: Pool) {
    this.name = name;
    this.#pool = pool;
    const isSecure = target.protocol === 'https:';
    this.#connectedEvent = isSecure ? 'secureConnect' : 'connect';
    this.socket = isSecure ? connectSecurely(target) : connectPlainly(target);
    this.socket
      .setNoDelay(true)
      .on('data', (bytes: Buffer) => this.#came(bytes))
      .on('end', () => this.#ended())
      .on('error', (error) => this.#fail(error))
      .on('close', () => this.#fail(new Error('the store closed it')));
  }

  onConnected(listener: () => void): void {
    if (this.wasIdle) listener();
    else this.socket.once(this.#connectedEvent, listener);
  }

  expect(waiting: Waiting): void {
    this.#waiting = waiting;
  }

  wake(): void {
    this.wasIdle = true;
    this.socket.ref();
  }

  giveBack(keep: boolean): void {
    this.#waiting = undefined;
    this.#reader.reset();
    if (!keep || this.socket.destroyed) {
      this.socket.destroy();
      return;
    }
    this.idleSince = performance.now();
    this.socket.unref();
    this.#pool.keep(this);
  }

  #came(bytes: Buffer): void {
    // Bytes that belong to no request: what the next answer would begin with cannot be told.
    if (this.#waiting === undefined) this.socket.destroy();
    else this.#read(() => this.#reader.push(bytes));
  }

  #ended(): void {
    if (this.#waiting !== undefined) this.#read(() => this.#reader.end());
    this.socket.destroy();
  }

  #read(next: () => WholeAnswer | undefined): void {
    try {
      const answer = next();
      if (answer === undefined) return;
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.answered(answer);
    } catch (error) {
      this.socket.destroy(error as Error);
    }
  }

  #fail(error: Error): void {
    this.#pool.forget(this);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.failed(error);
  }
}

function connectPlainly({ hostname, port = 80 }: Target): Socket {
  return connectTcp({ host: hostname, port });
}

function connectSecurely({ hostname, port = 443 }: Target): Socket {
  return connectTls({
    ...{ host: hostname, port, ALPNProtocols: ['http/1.1'] },
    ...(isIP(hostname) === 0 && { servername: hostname }),
  });
}
