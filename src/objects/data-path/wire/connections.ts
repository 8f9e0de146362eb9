import type { Socket } from 'node:net';
import type { Target } from '../endpoint.js';
import { createAnswerReader, type AnswerReader, type WholeAnswer } from './answer-reader.js';
import { connectedEvent, connectTo, createLinePool, type LinePool } from './line-pool.js';

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
  take(target: Omit<Target, 'path'>): Connection;
  close(): void;
}

/** @param idleMs after which a connection is not used again; it is closed within half as much more */
export function createConnections(idleMs: number): Connections {
  const pool = createLinePool<Line>(idleMs, (name, target, lines) => new Line(name, target, lines));
  return { take: (target) => pool.take(target), close: () => pool.close() };
}

/** Listens to its socket once and for all: listeners that come and go with each request cost as much as the request. */
class Line implements Connection {
  readonly name: string;
  readonly socket: Socket;
  wasIdle = false;
  idleSince = 0;
  readonly #pool: LinePool<Line>;
  readonly #connectedEvent: 'connect' | 'secureConnect';
  readonly #reader: AnswerReader = createAnswerReader();
  #waiting: Waiting | undefined;

  constructor(name: string, target: Omit<Target, 'path'>, pool: LinePool<Line>) {
    this.name = name;
    this.#pool = pool;
    this.#connectedEvent = connectedEvent(target);
    this.socket = connectTo(target)
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
