import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createByteBudget, type ByteBudget } from '../../../../src/platform/byte-budget.js';
import {
  DEFAULT_ARCHIVE_LIMITS,
  type ArchiveLimits,
} from '../../../../src/pipelines/exports/archive/archive-limits.js';
import { bytesAccess } from '../../../../src/pipelines/exports/archive/bytes-access.js';
import type { JobRef } from '../../../../src/pipelines/exports/contract/job-ref.js';
import type { EntryRow } from '../../../../src/pipelines/exports/contract/fragment.js';
import type { ListedFile } from '../../../../src/pipelines/exports/contract/listed-file.js';
import type {
  EntryMetadata,
  MetadataStore,
} from '../../../../src/pipelines/exports/metadata/metadata-store.js';
import type {
  EntryToUpload,
  UploadControls,
  Uploader,
} from '../../../../src/pipelines/exports/upload/uploader.js';
import type { FileWorkDependencies, OpenedFile } from '../../../../src/pipelines/exports/work/file-work.js';
import { objectKey } from '../../../../src/pipelines/exports/work/object-key.js';
import type { EntryPlan } from '../archive/build-zip.js';
import { createFileWork, type SettledFile } from '../../../../src/pipelines/exports/work/settle-file.js';

export const JOB: JobRef = { source: 'default', export_id: 'e/1' };
export const FILE: ListedFile = { ordinal: 7, file_id: 'f', name: 'f.zip' };
export const FOLDER = 'out/default/e%2F1/';

/** Everything that the work on a file speaks to, in memory. */
export interface FileWorld {
  metadata: Map<string, EntryMetadata>;
  /** By key. */
  objects: Map<string, { bytes: Buffer; owner: string }>;
  /** Names of each question, in its order. */
  questions: string[][];
  downloaded: number;
  streams: number;
  budget: ByteBudget;
  limits: ArchiveLimits;
  /** What `open` gives, the last one over and over. */
  archives: (() => Promise<OpenedFile>)[];
  uploader: Uploader;
  controls: UploadControls;
  abort: AbortController;
  settle(): Promise<SettledFile>;
}

export function fileWorld(...archives: Buffer[]): FileWorld {
  const abort = new AbortController();
  const world: FileWorld = {
    metadata: new Map(),
    objects: new Map(),
    questions: [],
    downloaded: 0,
    streams: 0,
    budget: createByteBudget(64 * 1024 * 1024),
    limits: DEFAULT_ARCHIVE_LIMITS,
    archives: archives.map((bytes) => () => Promise.resolve(opened(world, bytes))),
    uploader: memoryUploader(() => world.objects),
    controls: { signal: abort.signal, shouldYield: () => false, onProgress: () => undefined },
    abort,
    settle: () => createFileWork(dependenciesOf(world))(JOB, FILE, world.controls),
  };
  return world;
}

export function dependenciesOf(world: FileWorld): FileWorkDependencies {
  return {
    open: () => (world.archives.length > 1 ? world.archives.shift()! : world.archives[0]!)(),
    metadata: memoryMetadata(world),
    uploader: world.uploader,
    keyOf: (job, name, targetKey) => objectKey({ bucket: 'b', prefix: 'out' }, job, name, targetKey),
    budget: world.budget,
    limits: world.limits,
  };
}

export function opened(world: FileWorld, bytes: Buffer): OpenedFile {
  const source = bytesAccess(bytes);
  let downloaded = 0;
  return {
    ...source,
    downloaded: () => downloaded,
    settled: () => Promise.resolve(),
    isWholeChecked: false,
    read(start, end, signal) {
      downloaded += end - start;
      world.downloaded += end - start;
      return source.read(start, end, signal);
    },
    async *stream(start, end, signal) {
      world.streams++;
      for await (const chunk of source.stream(start, end, signal)) {
        downloaded += chunk.length;
        world.downloaded += chunk.length;
        yield chunk;
      }
    },
  };
}

function memoryMetadata(world: FileWorld): MetadataStore {
  return {
    find(_job, names) {
      world.questions.push([...names]);
      return Promise.resolve(
        new Map(
          names.flatMap((name) => (world.metadata.has(name) ? [[name, world.metadata.get(name)!]] : [])),
        ),
      );
    },
    async *names() {
      yield await Promise.resolve([...world.metadata.keys()]);
    },
    ping: () => Promise.resolve(),
    close: () => undefined,
  };
}

/** Keeps to the promises of `Uploader`, in memory: an object is there once its content has ended. */
function memoryUploader(objects: () => FileWorld['objects']): Uploader {
  const ownerOf = ({ job, ordinal }: EntryToUpload): string => `${job.export_id}/${ordinal}`;
  const inPlace = (entry: EntryToUpload): ReturnType<Uploader['inPlace']> => {
    const found = objects().get(entry.key);
    if (!found) return Promise.resolve(undefined);
    if (found.bytes.length !== entry.size || crc32(found.bytes) !== entry.crc32) {
      return Promise.resolve({ outcome: 'rejected', reason: 'key_taken' });
    }
    const outcome = found.owner === ownerOf(entry) ? 'uploaded' : 'skipped_equal';
    return Promise.resolve({ outcome, bytesUploaded: 0 });
  };
  return {
    inPlace,
    async upload(entry, controls) {
      const found = await inPlace(entry);
      if (found) return found;
      const chunks: Buffer[] = [];
      for await (const chunk of entry.content(0, controls.signal)) chunks.push(chunk);
      objects().set(entry.key, { bytes: Buffer.concat(chunks), owner: ownerOf(entry) });
      controls.onProgress(entry.size);
      return { outcome: 'uploaded', bytesUploaded: entry.size };
    },
    abortRecorded: () => Promise.resolve(0),
  };
}

/** Metadata that fits the content. */
export function metadataOf(content: string | Buffer): EntryMetadata {
  const bytes = Buffer.from(content);
  return { size: bytes.length, crc32: crc32(bytes) };
}

/** `uploaded`, `skipped_equal` or the reason, by what the row calls the entry. */
export function outcomesOf({ rows }: SettledFile): Record<string, string> {
  return Object.fromEntries(
    [...rows].map((row: EntryRow) => [row.entry, row.outcome === 'rejected' ? row.reason : row.outcome]),
  );
}

/** Entries `0` and so on, all of them in the metadata. */
export function manyEntries(count: number): { entries: EntryPlan[]; know: (world: FileWorld) => FileWorld } {
  const entries = Array.from({ length: count }, (_, n) => ({
    name: `f/${n}`,
    content: `${n} ${randomBytes(60).toString('hex')}`,
  }));
  const know = (world: FileWorld): FileWorld => {
    for (const { name, content } of entries) world.metadata.set(name, metadataOf(content));
    return world;
  };
  return { entries, know };
}
