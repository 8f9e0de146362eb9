import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** Bytes of a file as the API serves it: in memory, on disk, or made as they are asked for. */
export interface Content {
  /** In bytes. */
  readonly size: number;
  /** A strong entity tag, in quotes. */
  readonly etag: string;
  /** Bytes `start` to `end` (exclusive), in chunks. */
  read(start: number, end: number): Iterable<Buffer>;
}

const CHUNK_BYTES = 256 * 1024;

export function contentOfBuffer(bytes: Buffer): Content {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  return {
    size: bytes.length,
    etag: `"${digest}"`,
    *read(start, end) {
      for (let at = start; at < end; at += CHUNK_BYTES)
        yield bytes.subarray(at, Math.min(at + CHUNK_BYTES, end));
    },
  };
}

/** A file that does not change while it is served. */
export function contentOfFile(path: string): Content {
  const { size, mtimeMs } = statSync(path);
  return {
    size,
    etag: `"${size.toString(16)}-${mtimeMs.toString(16)}"`,
    *read(start, end) {
      const file = openSync(path, 'r');
      try {
        for (let at = start; at < end;) {
          const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
          const got = readSync(file, chunk, 0, chunk.length, at);
          if (got === 0) throw new Error(`${path} has become shorter than ${size} bytes`);
          yield chunk.subarray(0, got);
          at += got;
        }
      } finally {
        closeSync(file);
      }
    },
  };
}

/** One piece of a content that is put together from several. */
export interface Segment {
  readonly size: number;
  read(start: number, end: number): Iterable<Buffer>;
}

export function segmentOfBuffer(bytes: Buffer): Segment {
  return {
    size: bytes.length,
    *read(start, end) {
      yield bytes.subarray(start, end);
    },
  };
}

/** The same block again and again: gigabytes that take a megabyte of memory. */
export function repeatedSegment(block: Buffer, times: number): Segment {
  return {
    size: block.length * times,
    *read(start, end) {
      for (let at = start; at < end;) {
        const within = at % block.length;
        const piece = block.subarray(within, Math.min(block.length, within + end - at));
        yield piece;
        at += piece.length;
      }
    },
  };
}

/** @param tag what the entity tag is made of: contents that differ must differ in it */
export function joinedContent(segments: readonly Segment[], tag: string): Content {
  const offsets: number[] = [];
  let size = 0;
  for (const segment of segments) {
    offsets.push(size);
    size += segment.size;
  }
  return {
    size,
    etag: `"${createHash('sha256').update(tag).digest('hex').slice(0, 32)}"`,
    *read(start, end) {
      // Segments are many in an archive of small entries: the first one is looked for, not walked to.
      for (let index = lastAtOrBefore(offsets, start); index < segments.length; index += 1) {
        const offset = offsets[index]!;
        if (offset >= end) return;
        const segment = segments[index]!;
        const from = Math.max(0, start - offset);
        const to = Math.min(segment.size, end - offset);
        if (from < to) yield* segment.read(from, to);
      }
    },
  };
}

function lastAtOrBefore(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}

/** All of it, for what is small. */
export function wholeOf(content: Content): Buffer {
  return Buffer.concat([...content.read(0, content.size)]);
}
