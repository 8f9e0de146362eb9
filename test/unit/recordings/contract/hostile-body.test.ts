import { Long, ObjectId } from 'mongodb';
import fc from 'fast-check';
import {
  parseMessage,
  readRecording,
  type RecordingMessage,
} from '../../../../src/pipelines/recordings/contract/message.js';
import { resultDocumentId } from '../../../../src/pipelines/recordings/contract/identity.js';
import { readMessages, type MessagesRead } from '../../../../src/queue/read-messages.js';
import { csvCell } from '../../../../src/pipelines/recordings/results/csv/csv-text.js';
import { idValues } from '../../../../src/pipelines/recordings/sources/mongo-ids.js';

const row = {
  source_collection: 'records',
  mongo_doc_id: 'doc',
  test_date: '2025-12-20',
  record_type: 'teacher_record',
  subject_id: 'reading',
  subject_name: 'वाचन',
  audio_s3_url: 's3://bucket/a.mp3',
  source_updated_at: '2025-12-20T10:00:00.000Z',
  subject_created_at: '2025-12-20T10:00:00.000Z',
  student_id: null,
  udise: null,
  trace_id: 'trace',
  discovered_at: '2025-12-20T10:00:00.000Z',
};
const parse = (...bodies: string[]): MessagesRead<RecordingMessage> =>
  readMessages(
    bodies.map((body, index) => ({
      ...{ messageId: `m${index}`, receiptHandle: `r${index}`, body, receiveCount: 1, sentAtMs: undefined },
    })),
    readRecording,
  );

describe('a body made to hurt', () => {
  const nested = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

  test.each([
    ['a megabyte', JSON.stringify({ ...row, extra: 'x'.repeat(1 << 20) })],
    ['a thousand levels', nested(1000)],
    ['all the levels that fit', nested(40_000)],
    ['brackets without end', '['.repeat(200_000)],
    ['a number without end', `{"test_date":${'9'.repeat(200_000)}}`],
  ])('of %s is malformed with a short reason, and the batch goes on', (_what, body) => {
    const { items, malformed } = parse(body, JSON.stringify(row));
    expect(items).toHaveLength(1);
    expect(malformed).toHaveLength(1);
    expect(malformed[0]?.reason.length).toBeLessThanOrEqual(500);
  });

  test.each(Object.keys(row))('with an operator in the place of %s is malformed', (field) => {
    for (const operator of [
      { $gt: '' },
      { $ne: null },
      { $where: 'sleep(1000)' },
      [{ $gt: '' }],
      { toString: 'x' },
    ]) {
      const { items, malformed } = parse(JSON.stringify({ ...row, [field]: operator }));
      expect(items).toEqual([]);
      expect(malformed[0]?.reason).toContain(field);
    }
  });
});

test('a text in the place of an id never becomes more than a plain value in a query', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('{"$gt":""}', '$where', 'a.b', '__proto__')),
      (text) => {
        const [first, ...others] = idValues(text);
        expect(first).toBe(text);
        for (const value of others)
          expect(value instanceof ObjectId || value instanceof Long || typeof value === 'boolean').toBe(true);
      },
    ),
  );
});

describe('NUL, direction marks and other letters that are not seen', () => {
  const HIDDEN = 'pupil\u0000\u202Egpj.exe\u2066\u200B\uFEFF';

  test('come through a message unchanged and make an identity of their own', () => {
    const parsed = parseMessage(JSON.stringify({ ...row, student_id: HIDDEN }));
    expect(parsed).toMatchObject({ ok: true, message: { student_id: HIDDEN } });
    const id = (student: string): string => resultDocumentId({ ...row, student_id: student }, 'recording');
    expect(id(HIDDEN)).toMatch(/^[0-9a-f]{64}$/);
    expect(id(HIDDEN)).not.toBe(id('pupilgpj.exe'));
  });

  test('do not hide a formula from the CSV', () => {
    for (const hidden of ['\u0000', '\uFEFF', ' \t']) {
      expect(csvCell(`${hidden}=HYPERLINK("http://evil")`)).toMatch(/^"?'/);
    }
  });
});
