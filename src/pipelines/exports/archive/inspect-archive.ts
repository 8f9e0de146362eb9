import { setImmediate } from 'node:timers/promises';
import { EntryRefused, FileRefused } from '../errors.js';
import type { FileReason } from '../contract/reasons.js';
import { openArchive, type Archive } from './archive.js';
import type { ArchiveEntry, Refusal } from './archive-entry.js';
import { DEFAULT_ARCHIVE_LIMITS, type ArchiveLimits } from './archive-limits.js';
import { chunkReader } from './chunk-reader.js';
import { createWholeContents, crcText, streamedContent, readEnd } from './entry-content.js';
import type { RandomAccess } from './random-access.js';
import { planReads, type PlannedRead } from './read-plan.js';

/** What the reader says of an archive. */
export interface Inspection {
  /** Why the whole file is refused; `entries` is empty then. */
  reason?: FileReason;
  /** In words. */
  detail?: string;
  /** In the directory's order. */
  entries: InspectedEntry[];
}

export interface InspectedEntry {
  /** Escaped as in rows. */
  name: string;
  size: number;
  /** Eight hexadecimal digits. */
  crc32: string;
  directory: boolean;
  refusal?: Pick<Refusal, 'reason' | 'detail'>;
}

/** As `vachan exports inspect --json` prints it. */
export interface InspectReport {
  file: string;
  reason?: FileReason;
  entries: { name: string; size: number; crc32: string; directory?: true; reason?: Refusal['reason'] }[];
}

/**
 * Reads an archive as a worker would that had metadata of every entry, content included, in bounded memory.
 *
 * @throws whatever `source` throws, but for FileRefused
 */
export async function inspectArchive(
  source: RandomAccess,
  { limits = DEFAULT_ARCHIVE_LIMITS, signal }: { limits?: ArchiveLimits; signal?: AbortSignal } = {},
): Promise<Inspection> {
  try {
    const archive = await openArchive(source, limits, signal);
    const refusals = new Map<number, Refusal>();
    for (const read of planReads(sound(archive))) {
      for await (const [entry, refusal] of tryRead(source, archive, read, signal))
        refusals.set(entry.n, refusal);
    }
    return { entries: [...archive.entries()].map((entry) => inspected(entry, refusals.get(entry.n))) };
  } catch (error) {
    if (error instanceof FileRefused) return { reason: error.reason, detail: error.message, entries: [] };
    throw error;
  }
}

/** @param file as it was named */
export function inspectReport(file: string, { reason, entries }: Inspection): InspectReport {
  return {
    file,
    ...(reason && { reason }),
    entries: entries.map(({ name, size, crc32, directory, refusal }) => ({
      name,
      size,
      crc32,
      ...(directory && { directory }),
      ...(refusal && { reason: refusal.reason }),
    })),
  };
}

function* sound(archive: Archive): Generator<ArchiveEntry> {
  for (const entry of archive.entriesByOffset()) if (!entry.directory && !entry.refusal) yield entry;
}

/** The entries that are not what the directory states. */
async function* tryRead(
  source: RandomAccess,
  archive: Archive,
  read: PlannedRead,
  signal: AbortSignal | undefined,
): AsyncGenerator<[ArchiveEntry, Refusal]> {
  if (read.kind === 'streamed') {
    const refusal = await refusalOf(async () => {
      for await (const _chunk of streamedContent(source, archive, read.entry, 0, signal));
    });
    if (refusal) yield [read.entry, refusal];
    return;
  }
  const reader = chunkReader(source.stream(read.start, read.end, signal));
  const contents = createWholeContents(archive);
  try {
    let at = read.start;
    for (const entry of read.entries) {
      await reader.skip(entry.offset - at);
      const bytes = await reader.view(readEnd(entry) - entry.offset);
      at = readEnd(entry);
      const refusal = await refusalOf(() => contents.read(entry, bytes, Buffer.allocUnsafe(entry.size + 1)));
      if (refusal) yield [entry, refusal];
      await setImmediate();
    }
  } finally {
    contents.close();
    await reader.close();
  }
}

async function refusalOf(read: () => unknown): Promise<Refusal | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (!(error instanceof EntryRefused)) throw error;
    return { reason: error.reason, detail: error.message };
  }
}

function inspected(entry: ArchiveEntry, refusal = entry.refusal): InspectedEntry {
  const { shownName: name, size, crc32, directory } = entry;
  return {
    name,
    size,
    crc32: crcText(crc32),
    directory,
    ...(refusal && { refusal: { reason: refusal.reason, detail: refusal.detail } }),
  };
}
