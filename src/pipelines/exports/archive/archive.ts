import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { FileRefused } from '../errors.js';
import { archiveEntry, isDirectory, type ArchiveEntry } from './archive-entry.js';
import type { ArchiveLimits } from './archive-limits.js';
import { CENTRAL_HEADER_BYTES, readCentralHeader } from './central-header.js';
import { locateDirectory, type DirectoryPlace, type Tail } from './end-record.js';
import { decodeName } from './entry-name.js';
import { layOut } from './layout.js';
import { fitsBeforeNext, LOCAL_HEADER_BYTES, localHeaderLength } from './local-header.js';
import { nameCensus } from './name-census.js';
import type { RandomAccess } from './random-access.js';

/** An archive whose directory has been read and agrees with itself. */
export interface Archive {
  /** In bytes, of the whole file. */
  readonly size: number;
  readonly count: number;
  /** Where entries' bytes end. */
  readonly directoryOffset: number;
  /** Of the directory and where it is: two archives that share it hold the same entries. */
  readonly directoryDigest: string;
  /** Entry `n` of the directory, made anew from its bytes: a million of them are not held as objects. */
  entry(n: number): ArchiveEntry;
  /** In the directory's order. */
  entries(): Iterable<ArchiveEntry>;
  /** In the order of their bytes. */
  entriesByOffset(): Iterable<ArchiveEntry>;
}

/**
 * Reads the end records and the central directory, in one request to three.
 *
 * @param reserve called with the directory's bytes before they are read, where memory is shared out
 * @throws FileRefused when it is no archive, has more than one reading, or contradicts itself
 */
export async function openArchive(
  source: RandomAccess,
  limits: ArchiveLimits,
  signal?: AbortSignal,
  reserve?: (bytes: number) => Promise<void>,
): Promise<Archive> {
  const place = await locateDirectory(source, signal);
  withinLimits(place, limits);
  await reserve?.(place.size);
  const directory = await readDirectory(source, place, signal);
  return readArchive(source.size, place, directory, limits);
}

function withinLimits({ count, size }: DirectoryPlace, limits: ArchiveLimits): void {
  if (count * CENTRAL_HEADER_BYTES > size || (count === 0 && size > 0)) {
    throw new FileRefused('count_mismatch', `${count} entries are stated in a directory of ${size} bytes.`);
  }
  if (count > limits.maxEntries) {
    throw new FileRefused('too_many_entries', `It has ${count} entries; ${limits.maxEntries} are the most.`);
  }
  if (size > limits.maxDirectoryBytes) {
    throw new FileRefused(
      'too_many_entries',
      `Its directory has ${size} bytes; ${limits.maxDirectoryBytes} are the most.`,
    );
  }
}

async function readDirectory(
  source: RandomAccess,
  { offset, size, tail }: DirectoryPlace,
  signal?: AbortSignal,
): Promise<Buffer> {
  const inTail = fromTail(tail, offset, offset + size);
  return inTail ?? source.read(offset, offset + size, signal);
}

function fromTail(tail: Tail, start: number, end: number): Buffer | undefined {
  if (start < tail.start || end > tail.start + tail.bytes.length) return undefined;
  return tail.bytes.subarray(start - tail.start, end - tail.start);
}

/** About 20 ms of work: then sockets and heartbeats have their turn. */
const ENTRIES_A_TURN = 10_000;

async function readArchive(
  size: number,
  place: DirectoryPlace,
  directory: Buffer,
  limits: ArchiveLimits,
): Promise<Archive> {
  const { count } = place;
  const positions = new Uint32Array(count);
  const offsets = new Float64Array(count);
  const leastEnds = new Float64Array(count);
  const names = nameCensus();
  let at = 0;
  for (let n = 0; n < count; n++) {
    const header = readCentralHeader(directory, at, n);
    positions[n] = at;
    offsets[n] = header.offset;
    // Its local header may have a shorter name, which is that entry's matter alone.
    leastEnds[n] = header.offset + LOCAL_HEADER_BYTES + header.compressedSize;
    const name = decodeName(header, limits.backslash).text;
    if (name !== undefined && !isDirectory(header, name)) names.add(name);
    at += header.length;
    if (n % ENTRIES_A_TURN === ENTRIES_A_TURN - 1) await setImmediate();
  }
  if (at !== directory.length) {
    throw new FileRefused(
      'count_mismatch',
      `${directory.length - at} bytes follow the ${count} entries that are stated.`,
    );
  }
  const layout = layOut(offsets, leastEnds, place.offset);
  const isDuplicate = names.finish();
  const entry = (n: number): ArchiveEntry =>
    archiveEntry(
      readCentralHeader(directory, positions[n]!, n),
      { n, end: layout.ends[n]! },
      limits,
      isDuplicate,
    );
  const archive: Archive = {
    size,
    count,
    directoryOffset: place.offset,
    directoryDigest: digestOf(size, place.offset, directory),
    entry,
    *entries() {
      for (let n = 0; n < count; n++) yield entry(n);
    },
    *entriesByOffset() {
      for (const n of layout.order) yield entry(n);
    },
  };
  fitInTail(archive, place, layout.order, offsets);
  return archive;
}

/**
 * Local headers that were read along with the end record: overlaps that only they show fail the file before a byte of
 * content has moved. In a large archive others are met later.
 */
function fitInTail(
  archive: Archive,
  { tail }: DirectoryPlace,
  order: Uint32Array,
  offsets: Float64Array,
): void {
  for (let rank = order.length - 1; rank >= 0 && offsets[order[rank]!]! >= tail.start; rank--) {
    const entry = archive.entry(order[rank]!);
    const header = fromTail(tail, entry.offset, entry.offset + LOCAL_HEADER_BYTES);
    const length = header && localHeaderLength(header);
    if (length !== undefined) fitsBeforeNext(entry, length, archive.directoryOffset);
  }
}

function digestOf(size: number, offset: number, directory: Buffer): string {
  return createHash('sha256').update(`${size} ${offset} `).update(directory).digest('hex');
}
