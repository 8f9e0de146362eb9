/** Bodies are handed on in pieces of up to this size, which most recordings are one of. */
const MAIN_BYTES = 1024 * 1024;
/** What a TLS connection may still bring after it was told to stop: the 64 KB that it had read, decrypted. */
const SPARE_BYTES = 128 * 1024;

/**
 * Where a connection's bytes land, over and over: a new buffer for each of the system's reads (Node's way) is garbage outside V8's heap, for
 * which the whole heap is collected.
 *
 * While it is paused, what lies in it is somebody's to read, and what still comes is set aside.
 */
export class LandingBuffer {
  readonly #main = Buffer.allocUnsafeSlow(MAIN_BYTES);
  readonly #spare = Buffer.allocUnsafeSlow(SPARE_BYTES);
  #filled = 0;
  #setAside = 0;
  #paused = false;
  /** Of the next read: in the spare one from there on; undefined where it lands behind what has come. */
  #landsInSpareAt: number | undefined;

  /** What has come since the last restart. */
  get bytes(): Buffer {
    return this.#main.subarray(0, this.#filled);
  }

  get isFull(): boolean {
    // The first read after a restart lands in the spare buffer and is copied.
    return this.#filled > MAIN_BYTES - SPARE_BYTES;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** Nothing has come that was not read. */
  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  /** Room for the next read. */
  room(): Buffer {
    this.#landsInSpareAt = this.#paused ? this.#setAside : undefined;
    return this.#paused ? this.#spare.subarray(this.#setAside) : this.#main.subarray(this.#filled);
  }

  /** So many bytes have come. @returns false where they are more than there is room for: they are of no use then */
  landed(bytes: number): boolean {
    const at = this.#landsInSpareAt;
    if (at === undefined) this.#filled += bytes;
    else if (this.#paused) this.#setAside = at + bytes;
    else this.#append(this.#spare.subarray(at, at + bytes));
    return this.#setAside < SPARE_BYTES;
  }

  pause(): void {
    this.#paused = true;
  }

  /** What lay in it has been read. */
  restart(): void {
    this.#paused = false;
    this.#filled = 0;
    this.#append(this.#spare.subarray(0, this.#setAside));
    this.#setAside = 0;
  }

  #append(bytes: Buffer): void {
    this.#main.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }
}
