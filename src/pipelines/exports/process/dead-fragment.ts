import type { Fragment } from '../contract/fragment.js';

/** The fragment of a file whose task's message was received too often. */
export function deadFragment(
  { ordinal, file_id, size }: { ordinal: number; file_id: string; size?: number | undefined },
  fileName: string,
  deliveries: number,
): Fragment {
  return {
    version: 1,
    ordinal,
    file_id,
    file_name: fileName,
    state: 'failed',
    reason: 'dead_letter',
    detail: `its task was delivered ${deliveries} times, and is in the dead-letter queue`,
    ...(size !== undefined && { size }),
    entries: { seen: 0, matched: 0, uploaded: 0, skipped_equal: 0, rejected: 0 },
    bytes: { downloaded: 0, inflated: 0, uploaded: 0 },
    rejected_by_reason: {},
    seconds: { download: 0, inflate: 0, upload: 0, total: 0 },
    settled_at: new Date().toISOString(),
  };
}
