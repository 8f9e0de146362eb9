import pLimit from 'p-limit';
import type { ListedFile } from '../../pipelines/exports/contract/listed-file.js';
import type { ApiFile } from '../../pipelines/exports/export-api/export-source.js';
import type { JobState } from '../../pipelines/exports/state/job-state.js';
import { NameSet } from '../../pipelines/exports/state/name-set.js';
import { DependencyUnavailable } from '../../platform/errors.js';

/**
 * Files of one listing object. Small pages of an API are gathered: each object is read again by every later listing
 * activity and found by every task, and files are packed into tasks within one.
 */
const FILES_AT_ONCE = 1_000;

/** What is listed of a job, and what is to be. */
export interface KnownListing {
  /** Files that have an ordinal. */
  readonly size: number;
  /** Of a page's files, those that were not listed before; an id that comes twice is one file. */
  freshOf(files: readonly ApiFile[]): ApiFile[];
  /** Gives files the next ordinals, and writes full objects. @throws DependencyUnavailable */
  add(files: readonly ApiFile[]): Promise<void>;
  /** Notes which of a page's files, listed before, have another size or checksum by now. @throws DependencyUnavailable */
  restate(files: readonly ApiFile[]): Promise<void>;
  /** Writes what is left. Nothing may be built on the pages that were added before. @throws DependencyUnavailable */
  flush(): Promise<void>;
}

/** Writes under way at once, of an API that says something new of every file. */
const WRITES_AT_ONCE = 16;

function statementOf(id: string, size: number | undefined, checksum: ListedFile['checksum']): string {
  return JSON.stringify([id, size ?? null, checksum?.algorithm ?? null, checksum?.value ?? null]);
}

export async function readKnownListing(job: JobState, signal: AbortSignal): Promise<KnownListing> {
  const ids = new NameSet();
  /** Of those: the very size and checksum. */
  const statements = new NameSet();
  let next = 0;
  for await (const { file_id: id, ordinal, size, checksum } of job.listing.read(signal)) {
    ids.add(id);
    statements.add(statementOf(id, size, checksum));
    next = ordinal + 1;
  }
  let waiting: ListedFile[] = [];

  async function write(files: ListedFile[]): Promise<void> {
    if (files.length === 0 || (await job.listing.writePage(files, signal))) return;
    throw new DependencyUnavailable(
      `A part of the listing that begins with file ${files[0]!.ordinal} is there already: it is read again`,
    );
  }

  return {
    get size() {
      return next;
    },
    freshOf: (files) => files.filter(({ id }) => ids.add(id)),
    async restate(files) {
      const restated = files.filter(({ id, size, checksum }) =>
        statements.add(statementOf(id, size, checksum)),
      );
      const limit = pLimit(WRITES_AT_ONCE);
      await limit.map(restated, ({ id, size, checksum }) =>
        job.listing.restate(
          {
            file_id: id,
            ...(size !== undefined && { size }),
            ...(checksum !== undefined && { checksum }),
          },
          signal,
        ),
      );
    },
    async add(files) {
      for (const { id, name, size, checksum } of files) {
        statements.add(statementOf(id, size, checksum));
        waiting.push({
          ordinal: next++,
          file_id: id,
          name,
          ...(size !== undefined && { size }),
          ...(checksum !== undefined && { checksum }),
        });
      }
      while (waiting.length >= FILES_AT_ONCE) await write(waiting.splice(0, FILES_AT_ONCE));
    },
    async flush() {
      const last = waiting;
      waiting = [];
      await write(last);
    },
  };
}
