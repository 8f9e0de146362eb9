import type { RandomAccess } from './random-access.js';

const CHUNK_BYTES = 64 * 1024;

/** Bytes in memory. */
export function bytesAccess(bytes: Buffer): RandomAccess {
  return {
    size: bytes.length,
    read: (start, end, signal) => {
      signal?.throwIfAborted();
      return Promise.resolve(within(bytes, start, end));
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- as a source that waits
    async *stream(start, end, signal) {
      const range = within(bytes, start, end);
      for (let at = 0; at < range.length; at += CHUNK_BYTES) {
        signal?.throwIfAborted();
        yield range.subarray(at, at + CHUNK_BYTES);
      }
    },
    close: () => Promise.resolve(),
  };
}

function within(bytes: Buffer, start: number, end: number): Buffer {
  if (start < 0 || end < start || end > bytes.length) {
    throw new RangeError(`Bytes ${start} to ${end} are asked for, of ${bytes.length}.`);
  }
  return bytes.subarray(start, end);
}
