import { constants, createInflateRaw, inflateRawSync, type InflateRaw } from 'node:zlib';
import { allTaken, refusal, wrongSize } from './inflate-verdicts.js';

/** Inflates whole entries, one after the other, on this thread. */
export interface Inflater {
  /**
   * @param size that is stated
   * @param into of at least `size + 1` bytes: the byte more shows that what is stated is not all
   * @throws EntryRefused `corrupt`, `size`, `trailing_data`
   */
  inflate(deflated: Buffer, size: number, into: Buffer): void;
  close(): void;
}

/** zlib's own engine, as Node's streams and its one-shot calls use it; undocumented, and the same in Node 20, 22, 24 and 26. */
export interface Engine extends InflateRaw {
  _handle: {
    writeSync(
      ...call: [
        flush: number,
        from: Buffer,
        at: number,
        length: number,
        to: Buffer,
        at: number,
        length: number,
      ]
    ): void;
  };
  /** After a call: bytes that are left of what it was to fill, and of what it was given. */
  _writeState: [freeBytes: number, leftBytes: number];
}

/**
 * One engine inflates them all, into memory of the caller's: the one-shot call makes an engine of 40 KB and a buffer for each entry, which
 * are a sixth of the time for 64 KB, and as much again in collections of garbage that memory outside the heap brings forward. A Node whose
 * engine is another one gets that call: else right entries would be refused there, or tasks fail for ever.
 */
export function createInflater(start: () => Engine = startEngine): Inflater {
  if (!isKnown(start())) return { inflate: inflateAtOnce, close: () => undefined };
  let engine = start();
  return {
    inflate(deflated, size, into) {
      run(engine, deflated, into, size + 1);
      if (engine.errored !== null) {
        const error = engine.errored;
        engine = start();
        throw refusal(error) ?? error;
      }
      const [freeBytes, leftBytes] = engine._writeState;
      if (freeBytes !== 1) throw wrongSize(size, size + 1 - freeBytes);
      allTaken(deflated.length, deflated.length - leftBytes);
    },
    close: () => engine.close(),
  };
}

function startEngine(): Engine {
  const engine = createInflateRaw() as Engine;
  // It is read from `errored`, at once.
  engine.on('error', () => undefined);
  return engine;
}

function run(engine: Engine, deflated: Buffer, into: Buffer, length: number): void {
  engine.reset();
  engine._handle.writeSync(constants.Z_FINISH, deflated, 0, deflated.length, into, 0, length);
}

/** The letter a, deflated, and a byte behind it. */
const LETTER = Buffer.from([0x4b, 0x04, 0x00, 0x00]);
const NO_DEFLATE = Buffer.from([0xff]);

/** Whether an engine does all that is relied on, which it alone can tell. It is of no use afterwards. */
function isKnown(engine: Engine): boolean {
  const into = Buffer.alloc(3);
  try {
    run(engine, LETTER, into, into.length);
    const [freeBytes, leftBytes] = engine._writeState;
    const isRight = engine.errored === null && into[0] === 0x61 && freeBytes === 2 && leftBytes === 1;
    run(engine, NO_DEFLATE, into, into.length);
    return isRight && refusal(engine.errored) !== undefined;
  } catch {
    return false;
  } finally {
    engine.destroy();
  }
}

/** Smallest that zlib takes. */
const LEAST_CHUNK_BYTES = 64;

/** What Node says besides the types: the engine of a one-shot call, with the input that it took. */
interface Inflated {
  buffer: Buffer;
  engine: { bytesWritten: number };
}

function inflateAtOnce(deflated: Buffer, size: number, into: Buffer): void {
  let inflated: Inflated;
  try {
    inflated = inflateRawSync(deflated, {
      // One chunk holds it all, and the byte more that shows that it is not all.
      chunkSize: Math.max(LEAST_CHUNK_BYTES, size + 1),
      maxOutputLength: Math.max(1, size),
      info: true,
    }) as unknown as Inflated;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw wrongSize(size, size + 1);
    throw refusal(error) ?? error;
  }
  const { buffer, engine } = inflated;
  if (buffer.length !== size) throw wrongSize(size, buffer.length);
  allTaken(deflated.length, engine.bytesWritten);
  buffer.copy(into);
}
