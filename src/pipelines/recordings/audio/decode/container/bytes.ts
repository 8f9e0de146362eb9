import { fstatSync, readSync } from 'node:fs';

/** Random access to a file's bytes. */
export interface Bytes {
  readonly size: number;
  /** Up to `length` bytes; fewer at the end of the file. They must not be written to. */
  readonly at: (offset: number, length: number) => Buffer;
  /** As many bytes from there on as are at hand, at least as many as any header has; none at the end of the file. */
  readonly from: (offset: number) => Buffer;
}

/** Read at once: headers of pages and frames are too small to be read alone. */
const PIECE_BYTES = 65_536;
/** The longest header, and what is searched for. */
const LEAST_AT_HAND = 512;

/** @param file an open file descriptor */
export function bytesOf(file: number): Bytes {
  const { size } = fstatSync(file);
  let piece: Buffer = Buffer.alloc(0);
  let pieceAt = 0;
  const read = (offset: number, length: number): Buffer => {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset));
  };
  const load = (offset: number, end: number): void => {
    if (offset >= pieceAt && end <= pieceAt + piece.length) return;
    piece = read(offset, PIECE_BYTES);
    pieceAt = offset;
  };
  return {
    size,
    at(offset, length) {
      if (offset >= size) return Buffer.alloc(0);
      if (length > PIECE_BYTES) return read(offset, length);
      const end = Math.min(offset + length, size);
      load(offset, end);
      return piece.subarray(offset - pieceAt, end - pieceAt);
    },
    from(offset) {
      if (offset >= size) return Buffer.alloc(0);
      load(offset, Math.min(offset + LEAST_AT_HAND, size));
      return piece.subarray(offset - pieceAt);
    },
  };
}

/** Where `wanted` is found next, at `from` or later; undefined when it is not. */
export function find(bytes: Bytes, wanted: Buffer, from: number): number | undefined {
  let offset = from;
  while (offset + wanted.length <= bytes.size) {
    const at = bytes.from(offset);
    const found = at.indexOf(wanted);
    if (found >= 0) return offset + found;
    // Half of it may stand at the end of the piece.
    offset += Math.max(1, at.length - wanted.length + 1);
  }
  return undefined;
}

/** The bytes from `start` on, as a file of their own. */
export function fileWithin(bytes: Bytes, start: number): Bytes {
  return {
    size: bytes.size - start,
    at: (offset, length) => bytes.at(start + offset, length),
    from: (offset) => bytes.from(start + offset),
  };
}
