import { createHash } from 'node:crypto';
import { countReasons, type ReasonCounts } from '../../contract/reason-counts.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { SentLog } from '../../pipelines/recordings/results/sent-log.js';
import type { UnusableRow } from '../../pipelines/recordings/sources/source-repository.js';
import { printable } from '../../platform/text/printable.js';

/** Names each row that is left out, and counts them. */
export function reportUnusable(rows: readonly UnusableRow[], log: RecordingsLogger): ReasonCounts {
  for (const { mongo_doc_id, record_type, subject_id, reason } of rows) {
    log.warn('source_row_unusable', {
      mongo_doc_id: printable(mongo_doc_id),
      record_type: record_type && printable(record_type),
      subject_id: subject_id && printable(subject_id),
      reason,
    });
  }
  return countReasons(rows);
}

/** An incremental run meets a row that stays unusable at every poll, and counts it once. */
export async function notReportedBefore(
  sentLog: SentLog,
  runKey: string,
  rows: readonly UnusableRow[],
): Promise<UnusableRow[]> {
  if (rows.length === 0) return [];
  const keyed = new Map(rows.map((row) => [unusableKey(row), row]));
  const known = await sentLog.alreadySent(runKey, [...keyed.keys()]);
  const fresh = [...keyed].filter(([key]) => !known.has(key));
  if (fresh.length > 0) {
    await sentLog.remember(
      runKey,
      fresh.map(([key]) => key),
    );
  }
  return fresh.map(([, row]) => row);
}

/** Alongside the result ids of sent rows, which are 64 hexadecimal digits. */
function unusableKey(row: UnusableRow): string {
  const named = JSON.stringify([row.mongo_doc_id, row.record_type, row.subject_id, row.reason]);
  return `unusable-${createHash('sha256').update(named, 'utf8').digest('hex')}`;
}
