/** Why an entry of an archive was not uploaded. The lists are closed: results, metrics and alarms know them. */
export const ENTRY_REASONS = [
  'name_unsafe',
  'name_too_long',
  'duplicate_name',
  'encrypted',
  'method',
  'not_a_file',
  'directory_data',
  'header_mismatch',
  'crc',
  'size',
  'corrupt',
  'trailing_data',
  'ratio',
  'too_large',
  'no_metadata',
  'metadata_size',
  'metadata_checksum',
  'key_taken',
] as const;
export type EntryReason = (typeof ENTRY_REASONS)[number];

/** Why a file as a whole failed. */
export const FILE_REASONS = [
  'not_a_zip',
  'truncated',
  'ambiguous',
  'split',
  'out_of_bounds',
  'offsets',
  'overlap',
  'count_mismatch',
  'zip64_field',
  'trailing_bytes',
  'too_many_entries',
  'listing_size',
  'listing_checksum',
  'link_refused',
  'ranges_refused',
  'gone',
  'changed',
  'stalled',
  'too_slow',
  'dead_letter',
  'task_lost',
  'cancelled',
] as const;
export type FileReason = (typeof FILE_REASONS)[number];

/** Why a job as a whole failed. */
export const JOB_REASONS = [
  'export_unknown',
  'export_failed',
  'export_expired',
  'export_cancelled',
  'not_ready_in_time',
  'cursor_loop',
  'too_many_files',
  'access_denied',
] as const;
export type JobReason = (typeof JOB_REASONS)[number];
