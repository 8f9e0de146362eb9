import type { Socket } from 'node:net';
import type { Target } from '../endpoint.js';
import { HEAD_END, MOST_HEAD_BYTES, MalformedAnswer, readHead } from './answer-reader.js';
import { LandingBuffer } from './landing-buffer.js';
import { connectedEvent, connectTo, createLinePool, type LinePool, type PooledLine } from './line-pool.js';

/** A body whose pieces are the receiver's until he asks for the next one. */
export interface LentBody extends AsyncIterable<Buffer> {
  /** Ends a connection whose body is not wanted to its end; does nothing after that. */
  destroy(reason?: Error): void;
}

/** An answer whose body is about to come. */
export interface BodyAnswer {
  statusCode: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Undefined where the answer does not say how long it is. */
  bytes: number | undefined;
  body: LentBody;
}

/** A connection for one request whose answer has a body. It is kept for the next one by itself when the body has been read. */
export interface BodyConnection {
  /** It has served before, and had been idle since. */
  readonly wasIdle: boolean;
  /**
   * Sends a request.
   *
   * @param heard called when there is a connection, and whenever something comes
   * @throws MalformedAnswer, or what the connection broke with
   */
  ask(head: string, heard: () => void): Promise<BodyAnswer>;
  /** Ends it. */
  destroy(reason: Error): void;
}

export interface BodyConnections {
  take(target: Omit<Target, 'path'>): BodyConnection;
  close(): void;
}

/** @param idleMs after which a connection is not used again; it is closed within half as much more */
export function createBodyConnections(idleMs: number): BodyConnections {
  return createLinePool<BodyLine>(idleMs, (name, target, pool) => new BodyLine(name, target, pool));
}

class BodyLine implements PooledLine, BodyConnection {
  readonly name: string;
  readonly socket: Socket;
  wasIdle = false;
  idleSince = 0;
  readonly #landing = new LandingBuffer();
  readonly #pool: LinePool<BodyLine>;
  readonly #connectedEvent: 'connect' | 'secureConnect';
  #reading: Reading | undefined;

  constructor(name: string, target: Omit<Target, 'path'>, pool: LinePool<BodyLine>) {
    this.name = name;
    this.#pool = pool;
    this.#connectedEvent = connectedEvent(target);
    this.socket = connectTo(target, {
      buffer: () => this.#landing.room(),
      callback: (bytes) => this.#came(bytes),
    })
      .setNoDelay(true)
      .on('error', (error) => this.#ended(error))
      .on('close', () => this.#ended(new Error('the store closed it')));
  }

  wake(): void {
    this.wasIdle = true;
    this.socket.ref();
  }

  ask(head: string, heard: () => void): Promise<BodyAnswer> {
    if (this.wasIdle) heard();
    else this.socket.once(this.#connectedEvent, heard);
    const reading = new Reading(this.#landing, heard, {
      resume: () => this.socket.resume(),
      done: (isReusable) => this.#done(isReusable),
      destroy: (reason) => this.destroy(reason),
    });
    this.#reading = reading;
    this.socket.write(head, 'latin1');
    return reading.answer;
  }

  destroy(reason?: Error): void {
    this.socket.destroy(reason);
  }

  /** @returns whether more may come at once */
  #came(bytes: number): boolean {
    const hadRoom = this.#landing.landed(bytes);
    // Bytes that belong to no request: what the next answer would begin with cannot be told.
    if (this.#reading === undefined || !hadRoom) {
      this.socket.destroy(new MalformedAnswer('it goes on after its end'));
      return false;
    }
    this.#reading.came();
    return !this.#landing.isPaused;
  }

  #done(isReusable: boolean): void {
    this.#reading = undefined;
    this.#landing.restart();
    if (!isReusable || !this.#landing.isEmpty || this.socket.destroyed) {
      this.socket.destroy();
      return;
    }
    this.idleSince = performance.now();
    // Its end is to be noticed.
    this.socket.resume().unref();
    this.#pool.keep(this);
  }

  #ended(error: Error): void {
    this.#pool.forget(this);
    this.#reading?.failed(error);
    this.#reading = undefined;
  }
}

/** What a reading does with its connection. */
interface LineOfReading {
  resume(): void;
  done(isReusable: boolean): void;
  destroy(reason?: Error): void;
}

/** One answer: its head first, then its body piece by piece, which all lie in the connection's landing buffer. */
class Reading implements LentBody {
  readonly answer: Promise<BodyAnswer>;
  readonly #landing: LandingBuffer;
  readonly #heard: () => void;
  readonly #line: LineOfReading;
  #answered!: (answer: BodyAnswer) => void;
  #failedToAnswer!: (error: Error) => void;
  #hasHead = false;
  /** In the landing buffer: of what has not been lent yet. */
  #start = 0;
  /** Of the body, not lent yet. */
  #rest = 0;
  #isReusable = false;
  #failure: Error | undefined;
  #isOver = false;
  #wake: (() => void) | undefined;

  constructor(landing: LandingBuffer, heard: () => void, line: LineOfReading) {
    this.#landing = landing;
    this.#heard = heard;
    this.#line = line;
    this.answer = new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failedToAnswer = reject;
    });
  }

  came(): void {
    this.#heard();
    // It was told to stop, and what it had read already is set aside.
    if (this.#landing.isPaused) return;
    try {
      if (!this.#hasHead) this.#readHead();
    } catch (error) {
      this.#line.destroy(error as Error);
      return;
    }
    if (this.#hasHead) this.#pauseWhereEnough();
  }

  failed(error: Error): void {
    this.#failure ??= error;
    this.#failedToAnswer(error);
    this.#wake?.();
  }

  destroy(reason?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#line.destroy(reason);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, undefined> {
    while (this.#rest > 0) {
      if (!this.#landing.isPaused && this.#failure === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      const come = this.#landing.bytes;
      const piece = come.subarray(this.#start, this.#start + this.#rest);
      this.#rest -= piece.length;
      // What came before it broke off is worth having, too.
      if (piece.length > 0) yield piece;
      if (this.#rest === 0) break;
      if (this.#failure !== undefined) throw this.#failure;
      this.#goOn();
    }
    if (this.#isOver) return;
    this.#isOver = true;
    this.#line.done(this.#isReusable);
  }

  #goOn(): void {
    this.#start = 0;
    this.#landing.restart();
    this.#pauseWhereEnough();
    if (!this.#landing.isPaused) this.#line.resume();
  }

  #pauseWhereEnough(): void {
    const come = this.#landing.bytes.length - this.#start;
    if (come < this.#rest && !this.#landing.isFull) return;
    // What follows the body is no answer that was asked for.
    if (come > this.#rest) this.#isReusable = false;
    this.#landing.pause();
    this.#wake?.();
  }

  #readHead(): void {
    const { bytes } = this.#landing;
    for (;;) {
      const headEnd = bytes.indexOf(HEAD_END, this.#start);
      if (headEnd === -1) {
        if (bytes.length - this.#start > MOST_HEAD_BYTES) throw new MalformedAnswer('its head has no end');
        return;
      }
      const { statusCode, headers, isHttp11 } = readHead(bytes.toString('latin1', this.#start, headEnd));
      this.#start = headEnd + HEAD_END.length;
      if (statusCode === 101) throw new MalformedAnswer('it switches protocols');
      if (statusCode < 200) continue;
      this.#hasHead = true;
      const length = bodyLength(headers);
      this.#rest = length ?? 0;
      this.#isReusable = isHttp11 && length !== undefined && !/\bclose\b/i.test(headers['connection'] ?? '');
      this.#answered({ statusCode, headers, bytes: length, body: this });
      return;
    }
  }
}

/** @returns undefined where the answer does not state it */
function bodyLength(headers: Readonly<Record<string, string>>): number | undefined {
  const stated = headers['content-length'];
  if (headers['transfer-encoding'] !== undefined || stated === undefined) return undefined;
  if (!/^\d{1,15}$/.test(stated)) throw new MalformedAnswer('its Content-Length is none');
  return Number(stated);
}
