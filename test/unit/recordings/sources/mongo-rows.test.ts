import { testDay } from '../../../../src/pipelines/recordings/sources/test-day.js';
import { candidatesOf } from '../../../../src/pipelines/recordings/sources/mongo-rows.js';

const document = (createdAt: Date, overrides: Record<string, unknown> = {}) => ({
  _id: 'doc',
  student_id: 'student',
  assessments: [
    {
      test_date: '2025-12-20',
      teacher_record: {
        subjects: [
          {
            subject_id: 1,
            subject_name: 'वाचन',
            audio_url: 's3://b/k',
            subject_created_at: createdAt,
            ...overrides,
          },
        ],
      },
    },
  ],
});
const read = (source: Record<string, unknown>, docId = 'doc') =>
  candidatesOf(source, docId, 'c', testDay('2025-12-20', 'UTC'), 'वाचन');

test('a time that four digits of a year cannot hold is unusable, since its text would sort wrongly', () => {
  expect(read(document(new Date('+012025-01-01T00:00:00Z')))).toEqual([
    expect.objectContaining({
      unusable: expect.objectContaining({ reason: 'subject_created_at_out_of_range' }) as unknown,
    }),
  ]);
});

test('a document whose id reads otherwise here than in the database is unusable', () => {
  expect(read(document(new Date(0)), '1.0')[0]?.unusable?.reason).toBe('mongo_doc_id_unordered');
});

test('an id of a type that cannot lead back to its row is refused by the name of the type', () => {
  expect(read(document(new Date(0), { subject_id: ['reading'] }))[0]?.unusable).toMatchObject({
    mongo_doc_id: 'doc',
    subject_id: null,
    reason: 'subject_id_type_array',
  });
  expect(read(document(new Date(0), { subject_id: null }))[0]?.unusable?.reason).toBe('subject_id_missing');
  const long = 'x'.repeat(2000);
  expect(read(document(new Date(0), { subject_id: long }))[0]?.unusable?.reason).toBe('subject_id_too_long');
});
