import type { S3Client } from '@aws-sdk/client-s3';
import { createObjectFolder, type ObjectFolder } from '../../../objects/object-folder.js';
import type { S3Prefix } from '../../../platform/config/s3-prefix-setting.js';
import type { EntryRow, Fragment } from '../contract/fragment.js';
import type { JobRef } from '../contract/job-ref.js';
import type { ListedFile } from '../contract/listed-file.js';
import {
  attemptOfResult,
  jobKeys,
  listingPageOf,
  ordinalOfFragment,
  pauseKey,
  type JobKeys,
} from './keys.js';
import type { ExportResult } from '../contract/result.js';

/** The memory of the work: what S3 keeps of all jobs. Its methods throw `DependencyUnavailable`. */
export interface ExportState {
  readonly prefix: S3Prefix;
  readonly objects: ObjectFolder;
  of(job: JobRef): JobState;
  isPaused(source: string, signal?: AbortSignal): Promise<boolean>;
  pause(source: string): Promise<void>;
  resume(source: string): Promise<void>;
}

/** What an API says of a file's bytes. */
type Restatement = Pick<ListedFile, 'file_id' | 'size' | 'checksum'>;

/** What S3 keeps of one job; all of it was written by us, and is trusted. */
export interface JobState {
  readonly job: JobRef;
  readonly keys: JobKeys;
  readonly listing: {
    /**
     * @param files at least one
     * @returns false when there is a page that begins with this ordinal, which stays as it is
     */
    writePage(files: readonly ListedFile[], signal?: AbortSignal): Promise<boolean>;
    /** The page that begins with this ordinal; undefined where there is none. */
    readPage(firstOrdinal: number, signal?: AbortSignal): Promise<ListedFile[] | undefined>;
    /** The page that holds this ordinal. */
    findPage(ordinal: number, signal?: AbortSignal): Promise<ListedFile[] | undefined>;
    /** All files in the order of their ordinals. */
    read(signal?: AbortSignal): AsyncIterable<ListedFile>;
    /** Notes that a listed file has another size or checksum by now: pages stay as they are. */
    restate(file: Restatement, signal?: AbortSignal): Promise<void>;
    /** The file as it was stated last; undefined where that is how it was listed. */
    restated(file: ListedFile, signal?: AbortSignal): Promise<ListedFile | undefined>;
  };
  readonly fragments: {
    /** Ordinals of settled files, from one on, in their order. */
    settled(from: number, signal?: AbortSignal): AsyncIterable<number>;
    /** Which of these are settled. */
    among(ordinals: readonly number[], signal?: AbortSignal): Promise<Set<number>>;
    read(ordinal: number, signal?: AbortSignal): Promise<Fragment | undefined>;
    rows(ordinal: number, signal?: AbortSignal): AsyncIterable<EntryRow>;
    /**
     * Writes the rows, and then the fragment unless the file is settled already. Of two that settle a file at once, which
     * is two where one had lost its lease, the rows say the same but for who uploaded.
     */
    write(
      fragment: Fragment,
      rows: AsyncIterable<EntryRow> | Iterable<EntryRow>,
      signal?: AbortSignal,
    ): Promise<'written' | 'settled'>;
    /** The file is to be settled again. */
    remove(ordinal: number, signal?: AbortSignal): Promise<void>;
  };
  isCancelled(signal?: AbortSignal): Promise<boolean>;
  markCancelled(signal?: AbortSignal): Promise<void>;
  /** Of the latest attempt, or of an earlier one; undefined while that has not ended. */
  result(signal?: AbortSignal, attempt?: number): Promise<ExportResult | undefined>;
  /** Attempts that have ended and were followed by another one. */
  earlierAttempts(signal?: AbortSignal): Promise<number[]>;
}

/** @param client of the SDK, as `connectS3` makes it */
export function createExportState(client: S3Client, prefix: S3Prefix): ExportState {
  const objects = createObjectFolder(client, prefix.bucket);
  return {
    prefix,
    objects,
    of: (job) => jobState(objects, jobKeys(prefix, job), job),
    isPaused: (source, signal) => objects.exists(pauseKey(prefix, source), signal),
    pause: (source) => objects.write(pauseKey(prefix, source), marker()),
    resume: (source) => objects.delete(pauseKey(prefix, source)),
  };
}

function jobState(objects: ObjectFolder, keys: JobKeys, job: JobRef): JobState {
  async function* pages(signal?: AbortSignal): AsyncIterable<number> {
    for await (const key of objects.keys(keys.listingFolder, undefined, signal)) {
      const first = listingPageOf(key);
      if (first !== undefined) yield first;
    }
  }

  const readPage = async (first: number, signal?: AbortSignal): Promise<ListedFile[] | undefined> => {
    const text = await objects.read(keys.listingPage(first), signal);
    return text
      ?.split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as ListedFile);
  };

  async function* settled(from: number, signal?: AbortSignal): AsyncIterable<number> {
    for await (const key of objects.keys(keys.filesFolder, keys.filesFrom(from), signal)) {
      const ordinal = ordinalOfFragment(key);
      if (ordinal !== undefined) yield ordinal;
    }
  }

  return {
    job,
    keys,
    listing: {
      writePage: (files, signal) =>
        objects.create(
          keys.listingPage(files[0]!.ordinal),
          files.map((file) => `${JSON.stringify(file)}\n`).join(''),
          signal,
        ),
      readPage,
      findPage: async (ordinal, signal) => {
        let found: number | undefined;
        for await (const first of pages(signal)) {
          if (first > ordinal) break;
          found = first;
        }
        return found === undefined ? undefined : readPage(found, signal);
      },
      async *read(signal) {
        for await (const first of pages(signal)) yield* (await readPage(first, signal)) ?? [];
      },
      restate: (file, signal) => objects.write(keys.restated(file.file_id), JSON.stringify(file), signal),
      restated: async ({ ordinal, file_id: id, name }, signal) => {
        const text = await objects.read(keys.restated(id), signal);
        return text === undefined ? undefined : { ordinal, name, ...(JSON.parse(text) as Restatement) };
      },
    },
    fragments: {
      settled,
      among: async (ordinals, signal) => {
        const wanted = new Set(ordinals);
        const found = new Set<number>();
        const last = Math.max(...ordinals);
        for await (const ordinal of settled(Math.min(...ordinals), signal)) {
          if (ordinal > last) break;
          if (wanted.has(ordinal)) found.add(ordinal);
        }
        return found;
      },
      read: async (ordinal, signal) => {
        const text = await objects.read(keys.fragment(ordinal), signal);
        return text === undefined ? undefined : (JSON.parse(text) as Fragment);
      },
      async *rows(ordinal, signal) {
        for await (const line of objects.lines(keys.rows(ordinal), signal))
          yield JSON.parse(line) as EntryRow;
      },
      write: async (fragment, rows, signal) => {
        const lines = objects.startLines(keys.rows(fragment.ordinal), signal);
        let isEmpty = true;
        try {
          for await (const row of rows) {
            await lines.add(JSON.stringify(row));
            isEmpty = false;
          }
          if (!isEmpty) await lines.finish();
        } catch (error) {
          await lines.abandon();
          throw error;
        }
        const isFirst = await objects.create(
          keys.fragment(fragment.ordinal),
          JSON.stringify(fragment),
          signal,
        );
        return isFirst ? 'written' : 'settled';
      },
      remove: (ordinal, signal) => objects.delete(keys.fragment(ordinal), signal),
    },
    isCancelled: (signal) => objects.exists(keys.cancelled, signal),
    markCancelled: async (signal) => {
      await objects.create(keys.cancelled, marker(), signal);
    },
    result: async (signal, attempt) => {
      const text = await objects.read(keys.result(attempt), signal);
      return text === undefined ? undefined : (JSON.parse(text) as ExportResult);
    },
    earlierAttempts: async (signal) => {
      const attempts: number[] = [];
      for await (const key of objects.keys(keys.results, undefined, signal)) {
        const attempt = attemptOfResult(key);
        if (attempt !== undefined) attempts.push(attempt);
      }
      return attempts.sort((a, b) => a - b);
    },
  };
}

function marker(): string {
  return JSON.stringify({ version: 1, at: new Date().toISOString() });
}
