import pLimit from 'p-limit';
import { escapeName } from '../../archive/escape-name.js';
import type { JobRef } from '../../contract/job-ref.js';
import type { ManifestRow, RejectRow } from '../../contract/result.js';
import type { EntryMetadata, MetadataStore } from '../../metadata/metadata-store.js';
import { NameSet } from '../../state/name-set.js';
import type { ObjectKey } from '../../work/object-key.js';
import type { VerifyReport } from './verify-report.js';

/** An object as S3 tells of it. */
export interface FoundObject {
  size: number;
  /** Eight hexadecimal digits; undefined where neither S3 nor the object tells. */
  crc32: string | undefined;
}

export interface VerifyParts {
  job: JobRef;
  manifest: AsyncIterable<ManifestRow>;
  rejects: AsyncIterable<Pick<RejectRow, 'entry'>>;
  /** Names of the archives' directories, of which no object comes; read only where rows have no object. */
  directories: AsyncIterable<string>;
  metadata: Pick<MetadataStore, 'find' | 'names'>;
  head: (key: string) => Promise<FoundObject | undefined>;
  /** Of all objects in the job's folder. */
  keys: AsyncIterable<string>;
  keyOf: (job: JobRef, name: string, targetKey?: string) => ObjectKey;
}

/** Questions to S3 under way at once. */
const AT_ONCE = 16;
/** Rows that are gone through together: a manifest of a million objects is read as it is compared. */
const ROWS_AT_ONCE = 500;

type Findings = Pick<
  VerifyReport,
  'objects' | 'compared' | 'rows' | 'missing' | 'rejected' | 'unlisted' | 'problems'
>;

/** Asks S3 for every object of the manifest, and the table for every row. */
export async function holdAgainst(parts: VerifyParts): Promise<Findings> {
  const { job, manifest, rejects, directories, metadata, keys, keyOf } = parts;
  const found: Findings = {
    ...{ objects: 0, compared: 0, rows: 0, missing: 0, rejected: 0, unlisted: 0 },
    problems: [],
  };
  const placed = { entries: new NameSet(), keys: new NameSet() };
  for await (const rows of inBatches(manifest)) {
    for (const { entry, key } of rows) {
      placed.entries.add(escapeName(entry));
      placed.keys.add(key);
    }
    await compare(parts, rows, found);
  }
  const rejected = new NameSet();
  for await (const { entry } of rejects) if (entry !== null) rejected.add(entry);

  let directoryNames: NameSet | undefined;
  for await (const names of metadata.names(job)) {
    const without = names.filter((name) => !placed.entries.has(escapeName(name)));
    found.rows += names.length;
    const unknown = without.filter((name) => !rejected.has(escapeName(name)));
    found.rejected += without.length - unknown.length;
    if (unknown.length > 0) directoryNames ??= await namesIn(directories);
    const missing = unknown.filter((name) => directoryNames?.has(escapeName(name)) !== true);
    found.missing += missing.length;
    for (const name of missing) {
      const { key } = keyOf(job, name);
      found.problems.push({ key: key ?? escapeName(name), problem: 'missing' });
    }
  }
  for await (const key of keys) if (!placed.keys.has(key)) found.unlisted += 1;
  return found;
}

/** Escaped. */
async function namesIn(names: AsyncIterable<string>): Promise<NameSet> {
  const found = new NameSet();
  for await (const name of names) found.add(escapeName(name));
  return found;
}

async function compare(
  { job, metadata, head, keyOf }: VerifyParts,
  rows: readonly ManifestRow[],
  found: Findings,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  const [stated, objects] = await Promise.all([
    metadata.find(
      job,
      rows.map(({ entry }) => entry),
    ),
    Promise.all(rows.map(({ key }) => limit(() => head(key)))),
  ]);
  for (const [index, row] of rows.entries()) {
    const object = objects[index];
    found.objects += 1;
    const bucket = againstManifest(row, object);
    if (object?.crc32 !== undefined && bucket?.problem !== 'size') found.compared += 1;
    const problem = bucket ?? againstMetadata(job, row, stated.get(row.entry), keyOf);
    if (problem !== undefined) found.problems.push({ key: row.key, ...problem });
  }
}

type Problem = Omit<VerifyReport['problems'][number], 'key'>;

function againstManifest({ size, crc32 }: ManifestRow, object: FoundObject | undefined): Problem | undefined {
  if (object === undefined) return { problem: 'absent' };
  if (object.size !== size) return { problem: 'size', stated: String(size), found: String(object.size) };
  if (object.crc32 === undefined || object.crc32 === crc32) return undefined;
  return { problem: 'crc32', stated: crc32, found: object.crc32 };
}

/** The object is as the manifest states it: what the table states is held against that. */
function againstMetadata(
  job: JobRef,
  { entry, key, size, crc32 }: ManifestRow,
  stated: EntryMetadata | undefined,
  keyOf: VerifyParts['keyOf'],
): Problem | undefined {
  if (stated === undefined) return { problem: 'metadata_absent' };
  if (stated.invalid !== undefined) return { problem: 'metadata_invalid' };
  if (stated.size !== size) {
    return { problem: 'metadata_size', stated: String(stated.size), found: String(size) };
  }
  const crc = stated.crc32?.toString(16).padStart(8, '0');
  if (crc !== undefined && crc !== crc32) return { problem: 'metadata_crc32', stated: crc, found: crc32 };
  const wanted = keyOf(job, entry, stated.targetKey).key;
  return wanted === key ? undefined : { problem: 'metadata_key', stated: wanted ?? 'no key', found: key };
}

async function* inBatches<T>(items: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
