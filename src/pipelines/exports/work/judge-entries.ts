import type { Archive } from '../archive/archive.js';
import type { ArchiveEntry, Refusal } from '../archive/archive-entry.js';
import { crcText } from '../archive/entry-content.js';
import type { JobRef } from '../contract/job-ref.js';
import type { EntryMetadata, MetadataStore } from '../metadata/metadata-store.js';
import type { ObjectKey } from './object-key.js';

/** An entry, and whether it is wanted: by its metadata, under this key. Plain directories are no entries here. */
export type Judgement =
  | { entry: ArchiveEntry; wanted: true; key: string; metadata: EntryMetadata }
  /** `matched`: its metadata fits, and its key does not. */
  | { entry: ArchiveEntry; wanted: false; refusal: Refusal; matched: boolean };

export type WantedEntry = Judgement & { wanted: true };

export interface JudgeDependencies {
  metadata: Pick<MetadataStore, 'find'>;
  keyOf: (job: JobRef, name: string, targetKey?: string) => ObjectKey;
}

/** Names that are asked for together: ten BatchGets, of which four are in flight. */
const NAMES_AT_ONCE = 1_000;

/**
 * Holds entries against the metadata, a batch at a time in the order of their bytes; the next batch is asked for while
 * one is worked on.
 *
 * @param skip entries that need no judgement any more
 * @throws what the metadata store throws
 */
export async function* judgeEntries(
  { metadata, keyOf }: JudgeDependencies,
  job: JobRef,
  archive: Archive,
  { skip, signal }: { skip?: (n: number) => boolean; signal?: AbortSignal } = {},
): AsyncGenerator<Judgement[]> {
  const judge = async (entries: ArchiveEntry[]): Promise<Judgement[]> => {
    const names = entries.filter(mayBeWanted).map(({ name }) => name);
    const rows =
      names.length === 0 ? new Map<string, EntryMetadata>() : await metadata.find(job, names, signal);
    return entries.map((entry) => judgeEntry(entry, rows.get(entry.name), keyOf, job));
  };
  let next: Promise<Judgement[]> | undefined;
  for (const batch of batches(archive, skip)) {
    const current = next;
    next = judge(batch);
    // Heard when it is awaited; until then its failure is nobody's.
    next.catch(() => undefined);
    if (current) yield await current;
  }
  if (next) yield await next;
}

function* batches(archive: Archive, skip?: (n: number) => boolean): Generator<ArchiveEntry[]> {
  let batch: ArchiveEntry[] = [];
  for (const entry of archive.entriesByOffset()) {
    if (isPlainDirectory(entry) || skip?.(entry.n)) continue;
    batch.push(entry);
    if (batch.length < NAMES_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function isPlainDirectory({ directory, refusal }: ArchiveEntry): boolean {
  return directory && refusal === undefined;
}

function mayBeWanted({ refusal }: ArchiveEntry): boolean {
  return refusal === undefined || refusal.liftable === true;
}

/** One object for all: an archive of a million entries may have none with metadata. */
const NO_METADATA: Refusal = { reason: 'no_metadata', detail: 'The metadata does not know it.' };

function judgeEntry(
  entry: ArchiveEntry,
  metadata: EntryMetadata | undefined,
  keyOf: JudgeDependencies['keyOf'],
  job: JobRef,
): Judgement {
  const refused = (refusal: Refusal, matched = false): Judgement => ({
    entry,
    wanted: false,
    refusal,
    matched,
  });
  if (entry.refusal && !(entry.refusal.liftable === true && metadata?.size === entry.size)) {
    return refused(entry.refusal);
  }
  if (!metadata) return refused(NO_METADATA);
  if (metadata.invalid) return refused(metadata.invalid);
  const mismatch = metadataMismatch(entry, metadata);
  if (mismatch) return refused(mismatch);
  const { key, refusal } = keyOf(job, entry.name, metadata.targetKey);
  if (refusal) return refused(refusal, true);
  return { entry, wanted: true, key, metadata };
}

function metadataMismatch(entry: ArchiveEntry, metadata: EntryMetadata): Refusal | undefined {
  if (metadata.size !== entry.size) {
    return {
      reason: 'metadata_size',
      detail: 'The metadata states another size.',
      stated: metadata.size,
      found: entry.size,
    };
  }
  if (metadata.crc32 === undefined || metadata.crc32 === entry.crc32) return undefined;
  return {
    reason: 'metadata_checksum',
    detail: 'The metadata states another CRC-32.',
    stated: crcText(metadata.crc32),
    found: crcText(entry.crc32),
  };
}
