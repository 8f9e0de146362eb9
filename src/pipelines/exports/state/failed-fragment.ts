import type { Fragment } from '../contract/fragment.js';
import type { ListedFile } from '../contract/listed-file.js';
import type { FileReason } from '../contract/reasons.js';

/** The fragment of a file that failed as a whole. @param detail in words, without names or links */
export function failedFragment(
  { ordinal, file_id: fileId, name }: ListedFile,
  reason: FileReason,
  detail: string,
  now: Date = new Date(),
): Fragment {
  return {
    version: 1,
    ordinal,
    file_id: fileId,
    file_name: name,
    state: 'failed',
    reason,
    detail,
    entries: { seen: 0, matched: 0, uploaded: 0, skipped_equal: 0, rejected: 0 },
    bytes: { downloaded: 0, inflated: 0, uploaded: 0 },
    rejected_by_reason: {},
    seconds: { download: 0, inflate: 0, upload: 0, total: 0 },
    settled_at: now.toISOString(),
  };
}
