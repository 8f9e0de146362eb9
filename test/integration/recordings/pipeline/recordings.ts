import { createHash, randomUUID } from 'node:crypto';
import type { RecordingMessage } from '../../../../src/pipelines/recordings/contract/message.js';
import type { PlannedRow } from '../../../../tools/demo/seed-plan.js';
import { messageOf } from '../../../../tools/demo/seed-ledger.js';
import { shippedSamples } from '../../../../tools/demo/samples.js';
import { SUBJECT, TEST_DATE } from '../sources/source-documents.js';

/**
 * In every child's id and school of these tests, so that a leak is recognised wherever it shows. Words, since digits also come
 * about by chance in counts, times and hashes.
 */
export const CHILD_MARK = 'pupil-of-the-night';
export const SCHOOL_MARK = 'school-of-the-night';
/** In every signature of these tests. */
export const SIGNATURE_MARK = 'signature-of-the-night';

/** The smallest shipped recording that can be scored. */
export const TINY_SAMPLE = 'truncation.amr';

/** A sound row of one child; each call is another child. */
export function recording(audioUrl: string, changes: Partial<PlannedRow> = {}): PlannedRow {
  const id = randomUUID();
  return {
    kind: 'normal',
    mongo_doc_id: createHash('sha256').update(id).digest('hex').slice(0, 24),
    student_id: `${CHILD_MARK}-${id.slice(0, 8)}`,
    udise: `${SCHOOL_MARK}-${id.slice(-6)}`,
    test_date: TEST_DATE,
    record_type: 'teacher_record',
    subject_id: 'reading',
    subject_name: SUBJECT,
    audio_url: audioUrl,
    subject_created_at: new Date('2025-12-20T13:00:00.000Z'),
    ...changes,
  };
}

/** Rows of `count` children with one sample, a second apart. */
export function recordings(count: number, bucket: string, file = TINY_SAMPLE): PlannedRow[] {
  return Array.from({ length: count }, (_, index) =>
    recording(`s3://${bucket}/samples/${file}`, {
      subject_created_at: new Date(Date.parse('2025-12-20T13:00:00.000Z') + index * 1000),
    }),
  );
}

/** The message that discovery would send for a row. */
export const messageFor = (
  row: PlannedRow,
  sourceCollection: string,
  source: 'mongo' | 'postgres' = 'mongo',
): RecordingMessage => messageOf(row, { sourceCollection, source });

/** Shipped files by what they are good for. */
export const samples = shippedSamples();
