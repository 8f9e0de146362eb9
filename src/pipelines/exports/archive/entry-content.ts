import { crc32 } from 'node:zlib';
import { EntryRefused } from '../errors.js';
import type { Archive } from './archive.js';
import { METHODS, type ArchiveEntry } from './archive-entry.js';
import { FLAGS } from './central-header.js';
import { chunkReader, type ChunkReader } from './chunk-reader.js';
import { inflateStream } from './inflate.js';
import { createInflater } from './inflater.js';
import {
  checkDescriptor,
  checkLocalHeader,
  DESCRIPTOR_BYTES,
  fitsBeforeNext,
  LOCAL_HEADER_BYTES,
  localHeaderLength,
} from './local-header.js';
import type { RandomAccess } from './random-access.js';

const MOST_LOCAL_EXTRA_BYTES = 65_535;

/** Where to stop reading for an entry: at the next one, or where the longest local header would have it end. */
export function readEnd(entry: ArchiveEntry): number {
  const longest =
    entry.offset +
    LOCAL_HEADER_BYTES +
    entry.nameBytes.length +
    MOST_LOCAL_EXTRA_BYTES +
    entry.compressedSize +
    DESCRIPTOR_BYTES;
  return Math.min(entry.end, longest);
}

/** Contents of entries that are held whole. */
export interface WholeContents {
  /**
   * The content of an entry whose bytes have been read.
   *
   * @param bytes from its local header to `readEnd`
   * @param into what holds the content afterwards: at least a byte longer than it
   * @throws EntryRefused when it is not what the directory states; FileRefused when it reaches into what follows
   */
  read(entry: ArchiveEntry, bytes: Buffer, into: Buffer): Buffer;
  close(): void;
}

export function createWholeContents(archive: Archive): WholeContents {
  const inflater = createInflater();
  return {
    read(entry, bytes, into) {
      const length = headerLength(archive, entry, bytes);
      checkLocalHeader(entry, bytes.subarray(0, length));
      const dataEnd = length + entry.compressedSize;
      const data = bytes.subarray(length, dataEnd);
      if (entry.method === METHODS.stored) data.copy(into);
      else inflater.inflate(data, entry.size, into);
      const content = into.subarray(0, entry.size);
      sameCrc(entry, crc32(content));
      if (hasDescriptor(entry)) checkDescriptor(entry, bytes.subarray(dataEnd, dataEnd + DESCRIPTOR_BYTES));
      return content;
    },
    close: () => inflater.close(),
  };
}

/**
 * The content of an entry from a byte on, read as it is asked for. Deflated ones are inflated from their start. The
 * CRC-32 of a stored one is checked only from 0: who begins later holds the rest against a checksum of his own.
 *
 * @throws EntryRefused, FileRefused as `WholeContents.read`, at the latest with its end
 */
export async function* streamedContent(
  source: RandomAccess,
  archive: Archive,
  entry: ArchiveEntry,
  from: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const length =
    entry.method === METHODS.stored && from > 0
      ? await readLocalHeader(source, archive, entry, signal)
      : undefined;
  const skipped = length === undefined ? 0 : length + from;
  const reader = chunkReader(source.stream(entry.offset + skipped, readEnd(entry), signal));
  try {
    if (length === undefined) await takeLocalHeader(reader, archive, entry);
    if (entry.method === METHODS.stored) {
      yield* checked(entry, reader.pass(entry.size - from), from);
    } else {
      yield* after(from, checked(entry, inflateStream(reader.pass(entry.compressedSize), entry), 0));
    }
    if (hasDescriptor(entry)) checkDescriptor(entry, await reader.takeUpTo(DESCRIPTOR_BYTES));
  } finally {
    await reader.close();
  }
}

/** @returns its bytes */
async function readLocalHeader(
  source: RandomAccess,
  archive: Archive,
  entry: ArchiveEntry,
  signal?: AbortSignal,
): Promise<number> {
  const end = Math.min(
    entry.end,
    entry.offset + LOCAL_HEADER_BYTES + entry.nameBytes.length + MOST_LOCAL_EXTRA_BYTES,
  );
  const reader = chunkReader(source.stream(entry.offset, end, signal));
  try {
    return await takeLocalHeader(reader, archive, entry);
  } finally {
    await reader.close();
  }
}

async function takeLocalHeader(reader: ChunkReader, archive: Archive, entry: ArchiveEntry): Promise<number> {
  const start = await reader.take(LOCAL_HEADER_BYTES);
  const length = headerLength(archive, entry, start);
  checkLocalHeader(entry, Buffer.concat([start, await reader.take(length - LOCAL_HEADER_BYTES)]));
  return length;
}

function headerLength(archive: Archive, entry: ArchiveEntry, bytes: Buffer): number {
  const length = localHeaderLength(bytes);
  if (length === undefined) {
    throw new EntryRefused('header_mismatch', 'There is no local header where the directory says.');
  }
  fitsBeforeNext(entry, length, archive.directoryOffset);
  return length;
}

async function* checked(
  entry: ArchiveEntry,
  content: AsyncIterable<Buffer>,
  from: number,
): AsyncGenerator<Buffer> {
  let crc = 0;
  for await (const chunk of content) {
    if (from === 0) crc = crc32(chunk, crc);
    yield chunk;
  }
  if (from === 0) sameCrc(entry, crc);
}

/** All but the first bytes. */
async function* after(bytes: number, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of content) {
    if (chunk.length > left) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

function sameCrc(entry: ArchiveEntry, found: number): void {
  if (found === entry.crc32) return;
  throw new EntryRefused('crc', 'Its CRC-32 is not the one that is stated.', {
    stated: crcText(entry.crc32),
    found: crcText(found),
  });
}

/** Eight hexadecimal digits. */
export function crcText(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

function hasDescriptor({ flags }: ArchiveEntry): boolean {
  return (flags & FLAGS.descriptor) !== 0;
}
