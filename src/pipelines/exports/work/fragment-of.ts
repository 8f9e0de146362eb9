import type { Fragment } from '../contract/fragment.js';
import type { ListedFile } from '../contract/listed-file.js';
import type { FileRefused } from '../errors.js';
import type { EntryOutcomes } from './entry-outcomes.js';
import type { WorkMeter } from './work-meter.js';

/** What was learnt of a file until it was settled. */
export interface FileFindings {
  /** In bytes, of the archive. */
  size: number | undefined;
  /** Undefined where the file was not opened. */
  isWholeChecked: boolean | undefined;
  /** Undefined where the directory could not be read. */
  outcomes: EntryOutcomes | undefined;
  meter: WorkMeter;
  totalSeconds: number;
  settledAt: Date;
}

const NO_ENTRIES = { seen: 0, matched: 0, uploaded: 0, skipped_equal: 0, rejected: 0 };

/** @param refused why the file as a whole failed; undefined where each entry has a row */
export function fragmentOf(file: ListedFile, findings: FileFindings, refused?: FileRefused): Fragment {
  const { size, isWholeChecked, outcomes, meter, totalSeconds, settledAt } = findings;
  return {
    version: 1,
    ordinal: file.ordinal,
    file_id: file.file_id,
    file_name: file.name,
    state: refused ? 'failed' : 'settled',
    ...(refused && { reason: refused.reason, detail: refused.message }),
    ...(size !== undefined && { size }),
    ...(file.checksum !== undefined &&
      isWholeChecked !== undefined && { listing_checksum: isWholeChecked ? 'checked' : 'not_checked' }),
    entries: { ...(outcomes?.entries ?? NO_ENTRIES) },
    bytes: { ...meter.bytes },
    rejected_by_reason: { ...outcomes?.rejectedByReason },
    seconds: { ...meter.seconds, total: totalSeconds },
    settled_at: settledAt.toISOString(),
  };
}
