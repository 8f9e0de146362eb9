import { RecentMap } from '../../../platform/recent-map.js';
import type { EntryToUpload } from './uploader.js';

/** Keys in a row at which nothing was found, until the next ones of the file are taken to be free. */
const FREE_KEYS_IN_A_ROW = 8;
/** Many more than a process has at a time. */
const FILES = 1_000;

/**
 * Whether an entry's key is looked at before its content is read. A file that was settled in part has objects, whose content need not be
 * read again; a fresh one has none, and a request for each of 10,000 small entries would only say so: the write's own condition does.
 */
export interface LookFirst {
  shouldLook(entry: EntryToUpload): boolean;
  /** What was at an entry's key. */
  found(entry: EntryToUpload, something: boolean): void;
}

export function createLookFirst(): LookFirst {
  const freeInARow = new RecentMap<number>(FILES);
  const fileOf = ({ job, ordinal }: EntryToUpload): string => `${job.source}/${ordinal}/${job.export_id}`;
  return {
    shouldLook: (entry) => (freeInARow.get(fileOf(entry)) ?? 0) < FREE_KEYS_IN_A_ROW,
    found: (entry, something) => {
      const file = fileOf(entry);
      freeInARow.set(file, something ? 0 : (freeInARow.get(file) ?? 0) + 1);
    },
  };
}
