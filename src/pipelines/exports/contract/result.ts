import type { EntryReason, JobReason } from './reasons.js';

export const JOB_STATES = ['succeeded', 'partial', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What became of a job: `result.json`, and the result of `exportJobWorkflow`. */
export interface ExportResult {
  version: 1;
  source: string;
  export_id: string;
  /** 1 is the first. */
  attempt: number;
  correlation_id: string;
  /** Of the message that began this attempt; undefined where a person did. */
  message_id?: string;
  state: JobState;
  /** Of a job that failed as a whole. */
  reason?: JobReason;
  /** In words. */
  detail?: string;
  started_at: string;
  finished_at: string;
  files: ResultFiles;
  entries: ResultEntries;
  bytes: ResultBytes;
  rejected_by_reason: Partial<Record<EntryReason, number>>;
  /** Seconds: of the job by the clock, of its files added up. */
  durations: { total: number; download: number; inflate: number; upload: number };
  manifest_key: string;
  rejects_key: string;
  missing_key: string;
}

/** `settled` and `failed` are apart; what is neither was not worked on, since the job was cancelled or failed before. */
export interface ResultFiles {
  listed: number;
  settled: number;
  failed: number;
}

export interface ResultEntries {
  seen: number;
  matched: number;
  uploaded: number;
  skipped_equal: number;
  rejected: number;
  /** Rows of the metadata that no archive had an entry for. */
  missing: number;
}

export interface ResultBytes {
  /** Of the archives, as they were found. */
  zip_total: number;
  downloaded: number;
  inflated: number;
  uploaded: number;
}

/** What a run answers that had nothing to do: the job's earlier end is as good. */
export interface AlreadyDone extends Omit<ExportResult, 'state'> {
  state: 'already_done';
  /** How it had ended. */
  ended_as: JobState;
}

/** A line of `manifest.ndjson`: an object that is in place. */
export interface ManifestRow {
  key: string;
  size: number;
  /** Eight hexadecimal digits. */
  crc32: string;
  entry: string;
  file_id: string;
  file_name: string;
  ordinal: number;
  outcome: 'uploaded' | 'skipped_equal';
}

/** A line of `rejects.ndjson`: an entry, or with `entry: null` a file as a whole. */
export interface RejectRow {
  file_id: string;
  file_name: string;
  entry: string | null;
  ordinal: number;
  reason: string;
  detail?: string;
  stated?: string | number;
  found?: string | number;
}

/** A line of `missing.ndjson`. */
export interface MissingRow {
  entry: string;
}

/** How a job ends whose files have been gone through. */
export function endState({
  files,
  entries,
}: Pick<ExportResult, 'files' | 'entries'>): Extract<JobState, 'succeeded' | 'partial' | 'failed'> {
  if (files.failed === 0 && entries.rejected === 0 && entries.missing === 0) return 'succeeded';
  return entries.uploaded + entries.skipped_equal > 0 ? 'partial' : 'failed';
}
