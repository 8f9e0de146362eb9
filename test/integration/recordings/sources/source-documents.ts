import { ObjectId } from 'mongodb';
import type { PageQuery } from '../../../../src/pipelines/recordings/sources/source-repository.js';

export const TEST_DATE = '2025-12-20';
export const SUBJECT = 'वाचन';
export const RECORDED_MS = Date.parse('2025-12-20T04:00:00.000Z');

/** A page of the whole date, from its beginning. */
export const pageQuery = (overrides: Partial<PageQuery> = {}): PageQuery => ({
  test_date: TEST_DATE,
  subject_name: SUBJECT,
  after: null,
  upTo: null,
  limit: 100,
  ...overrides,
});

/** A subject as the source's documents hold it. */
export function subject(createdAtMs: number, overrides: Record<string, unknown> = {}) {
  return {
    subject_id: 'reading',
    subject_name: SUBJECT,
    audio_url: `s3://recordings/${createdAtMs}.wav`,
    subject_created_at: new Date(createdAtMs),
    ...overrides,
  };
}

/** A document with one reading in its teacher's record. */
export function sourceDocument(createdAtMs: number, overrides: Record<string, unknown> = {}) {
  return {
    _id: new ObjectId() as unknown,
    student_id: 'student-1',
    udise: '27010100101',
    assessments: [
      { test_date: TEST_DATE as unknown, teacher_record: { subjects: [subject(createdAtMs)] as unknown[] } },
    ] as unknown[],
    ...overrides,
  };
}
