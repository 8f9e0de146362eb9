import type { EntryReason, FileReason } from './reasons.js';

/** What became of one file: `files/<ordinal>.json`, written once, after its last object and its rows. */
export interface Fragment {
  version: 1;
  ordinal: number;
  file_id: string;
  file_name: string;
  /** `failed`: the file as a whole, for `reason`; `settled`: each entry has a row. */
  state: 'settled' | 'failed';
  reason?: FileReason;
  /** In words, without names of entries or links. */
  detail?: string;
  /** Of the archive, as it was found. */
  size?: number;
  /** Whether the checksum that the listing states was held against the bytes: only where all of them were copied first. */
  listing_checksum?: 'checked' | 'not_checked';
  entries: FragmentEntries;
  bytes: { downloaded: number; inflated: number; uploaded: number };
  rejected_by_reason: Partial<Record<EntryReason, number>>;
  seconds: { download: number; inflate: number; upload: number; total: number };
  settled_at: string;
}

export interface FragmentEntries {
  /** Directories are not counted. */
  seen: number;
  /** Of those, with metadata that fits. */
  matched: number;
  uploaded: number;
  /** Another job's or an earlier equal object was there. */
  skipped_equal: number;
  rejected: number;
}

/** A line of `files/<ordinal>.ndjson`: an entry that is in place, one that was refused, or a directory. */
export type EntryRow = PlacedRow | RejectedRow | DirectoryRow;

/** No object comes of a directory, and none is counted; a row of the metadata that names it has its entry. */
export interface DirectoryRow {
  outcome: 'directory';
  entry: string;
}

export interface PlacedRow {
  outcome: 'uploaded' | 'skipped_equal';
  entry: string;
  key: string;
  size: number;
  /** Eight hexadecimal digits. */
  crc32: string;
}

export interface RejectedRow {
  outcome: 'rejected';
  /** Escaped: control characters and bytes that are no UTF-8 are shown as `\xNN`. */
  entry: string;
  reason: EntryReason;
  detail?: string;
  stated?: string | number;
  found?: string | number;
}
