import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * A connection as Node's HTTP server reads it, but in small slices that somebody else deals out.
 *
 * Node parses at once whatever has come, 64 KiB a read, and keeps a request and a response for each of some 1,500 requests in it. Here
 * the rest waits in the kernel, and the client with it.
 */
export class PacedConnection extends Duplex {
  readonly #raw: Socket;
  readonly #sliceBytes: number;
  #wanted = false;

  /**
   * @param raw the accepted connection
   * @param onWaiting told when the server wants a slice and there is one
   */
  constructor(
    raw: Socket,
    sliceBytes: number,
    private readonly onWaiting: (connection: PacedConnection) => void,
  ) {
    super({ allowHalfOpen: true, readableHighWaterMark: sliceBytes });
    this.#raw = raw;
    this.#sliceBytes = sliceBytes;
    raw.on('readable', () => {
      // With nothing there it is the end, which comes when it is read.
      if (raw.readableLength === 0) raw.read();
      else if (this.#wanted) this.onWaiting(this);
    });
    raw.on('end', () => this.push(null));
    raw.on('error', (error) => this.destroy(error));
    raw.on('close', () => this.destroy());
    raw.on('timeout', () => this.emit('timeout'));
  }

  /** Where it comes from; undefined once it is closed. */
  get remoteAddress(): string | undefined {
    return this.#raw.remoteAddress;
  }

  /** Bytes that have come and were not handed over; what the kernel holds besides is not known. */
  get waitingBytes(): number {
    return this.#raw.readableLength;
  }

  /** Hands the next slice over. */
  readOn(): void {
    if (!this.#wanted || this.destroyed) return;
    const slice = this.#raw.read(Math.min(this.#sliceBytes, this.#raw.readableLength)) as Buffer | null;
    if (slice === null) return;
    this.#wanted = false;
    this.push(slice);
  }

  /** As Node's server expects of a socket: it closes idle connections by the first, and ended ones by the second. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    this.#raw.setTimeout(milliseconds);
    if (listener !== undefined) this.once('timeout', listener);
    return this;
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  override _read(): void {
    this.#wanted = true;
    if (this.#raw.readableLength > 0) this.onWaiting(this);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#raw.write(chunk)) done();
    else this.#raw.once('drain', done);
  }

  override _final(done: () => void): void {
    this.#raw.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }
}
