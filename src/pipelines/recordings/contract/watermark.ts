import { z } from 'zod';
import { isoMillisSchema } from '../../../contract/dates.js';
import { recordTypeSchema, type SourceRow } from './source-row.js';

/** The position of the last row that is safely in SQS; `null` stands for "before the first row". */
export const watermarkSchema = z.object({
  last_processed_timestamp: isoMillisSchema,
  last_processed_doc_id: z.string(),
  last_processed_subject_id: z.string(),
  last_processed_record_type: recordTypeSchema,
});
export type Watermark = z.infer<typeof watermarkSchema>;

/** The fields of a row that order it. */
export type OrderedRow = Pick<SourceRow, 'source_updated_at' | 'mongo_doc_id' | 'subject_id' | 'record_type'>;

/** The watermark that stands exactly on a row. */
export function watermarkOf(row: OrderedRow): Watermark {
  return {
    last_processed_timestamp: row.source_updated_at,
    last_processed_doc_id: row.mongo_doc_id,
    last_processed_subject_id: row.subject_id,
    last_processed_record_type: row.record_type,
  };
}

/**
 * Total order of watermarks, and so of rows: time, then document id, subject id and record type by their UTF-8
 * bytes. Two rows compare equal only if they are the same row.
 *
 * @returns negative, zero or positive, as for `Array.prototype.sort`
 */
export function compareWatermarks(a: Watermark, b: Watermark): number {
  return (
    compareBytes(a.last_processed_timestamp, b.last_processed_timestamp) ||
    compareBytes(a.last_processed_doc_id, b.last_processed_doc_id) ||
    compareBytes(a.last_processed_subject_id, b.last_processed_subject_id) ||
    compareBytes(a.last_processed_record_type, b.last_processed_record_type)
  );
}

/** Rows in the order of {@link compareWatermarks}. */
export function compareRows(a: OrderedRow, b: OrderedRow): number {
  return compareWatermarks(watermarkOf(a), watermarkOf(b));
}

/** True when the row comes strictly after the watermark. */
export function isAfter(row: OrderedRow, watermark: Watermark | null): boolean {
  return watermark === null || compareWatermarks(watermarkOf(row), watermark) > 0;
}

// JavaScript's `<` compares UTF-16 units, which orders characters beyond U+FFFF before U+E000–U+FFFF; UTF-8
// bytes order by code point, as Postgres's "C" collation does.
function compareBytes(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
