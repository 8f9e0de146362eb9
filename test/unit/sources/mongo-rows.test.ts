import { Long, ObjectId } from 'mongodb';
import { idForms } from '../../../src/sources/mongo-ids.js';
import { candidatesOf, idText } from '../../../src/sources/mongo-rows.js';

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
  candidatesOf(source, docId, 'c', '2025-12-20', 'वाचन');

test('a time that four digits of a year cannot hold is unusable, since its text would sort wrongly', () => {
  expect(read(document(new Date('+012025-01-01T00:00:00Z')))).toEqual([
    expect.objectContaining({
      unusable: expect.objectContaining({ reason: 'subject_created_at_out_of_range' }) as unknown,
    }),
  ]);
});

test('a document whose id reads otherwise here than in the database is unusable', () => {
  expect(read(document(new Date(0)), '1.0')[0]?.unusable?.reason).toBe('mongo_doc_id_missing');
});

test('ids of every type that a source uses find their document again', () => {
  const objectId = new ObjectId();
  for (const id of ['text', '', '00', 0, -7, 9_007_199_254_740_991, objectId]) {
    expect(idForms(idText(id)!)).toContainEqual(id);
  }
  expect(idText(Long.fromString('9223372036854775807'))).toBe('9223372036854775807');
  for (const id of [1.5, NaN, null, undefined, true, {}, [], new Date(0)]) expect(idText(id)).toBeUndefined();
});
