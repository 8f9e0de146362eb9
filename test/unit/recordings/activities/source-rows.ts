import type { SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';

/** Rows of distinct recordings, a second apart. */
export function sourceRows(count: number, first = 0): SourceRow[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const created = new Date(Date.UTC(2025, 11, 20, 8, 0, number)).toISOString();
    return {
      source_collection: 'student_assessment_record',
      mongo_doc_id: `doc-${number}`,
      test_date: '2025-12-20',
      record_type: 'teacher_record',
      subject_id: `reading-${number}`,
      subject_name: 'वाचन',
      audio_s3_url: `s3://recordings/${number}.wav`,
      source_updated_at: created,
      subject_created_at: created,
      student_id: `student-${number}`,
      udise: null,
    };
  });
}
