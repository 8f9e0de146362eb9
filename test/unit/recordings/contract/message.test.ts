import fc from 'fast-check';
import {
  buildMessage,
  messageSchema,
  parseMessage,
} from '../../../../src/pipelines/recordings/contract/message.js';
import { sourceRow } from './arbitraries.js';

const discoveredAt = new Date('2025-12-20T20:00:00.000Z');
const message = sourceRow.map((row) => buildMessage(row, 'trace-1', discoveredAt));
const fields = Object.keys(messageSchema.shape);

test('what is built is what is parsed', () => {
  fc.assert(
    fc.property(message, (built) => {
      expect(parseMessage(JSON.stringify(built))).toEqual({ ok: true, message: built });
    }),
  );
});

test('unknown fields are kept out, not refused', () => {
  fc.assert(
    fc.property(message, fc.dictionary(fc.string(), fc.jsonValue()), (built, extra) => {
      const body = JSON.stringify({ ...extra, ...built });
      expect(parseMessage(body)).toEqual({ ok: true, message: built });
    }),
  );
});

test('keys stand in the same order whatever order the row had them in', () => {
  fc.assert(
    fc.property(sourceRow, (row) => {
      const reversed = Object.fromEntries(Object.entries(row).reverse()) as typeof row;
      const built = JSON.stringify(buildMessage(reversed, 'trace-1', discoveredAt));
      expect(built).toBe(JSON.stringify(buildMessage(row, 'trace-1', discoveredAt)));
    }),
  );
});

test('student_id and udise may be null; every other required field names itself when it is null', () => {
  fc.assert(
    fc.property(message, fc.constantFrom(...fields), (built, field) => {
      const nulled = parseMessage(JSON.stringify({ ...built, [field]: null }));
      const nullable = field === 'student_id' || field === 'udise';
      expect(nulled.ok).toBe(nullable);
      if (!nulled.ok) expect(nulled.reason ?? '').toContain(`${field}: `);
      // Without a student_id two children's recordings could have one identity; nothing depends on a udise.
      const optional = ['source_record_id', 'assessment_record_id', 'udise'].includes(field);
      expect(parseMessage(JSON.stringify({ ...built, [field]: undefined })).ok).toBe(optional);
    }),
  );
});

test('the reason of a refusal never holds a value', () => {
  const secret = 'SECRET-VALUE-4711';
  // A value that fits nowhere: as text for the dates and choices, inside containers for the texts.
  const wrong = fc.constantFrom<unknown>({ [secret]: secret }, [secret], 47.11, true, `${secret}T`);
  fc.assert(
    fc.property(message, fc.constantFrom(...fields), wrong, (built, field, value) => {
      const parsed = parseMessage(JSON.stringify({ ...built, [field]: value, [secret]: secret }));
      if (parsed.ok) return;
      if (parsed.reason === undefined) throw new Error('a wrong field is no notice');
      expect(parsed.reason).not.toContain('SECRET');
      expect(parsed.reason).not.toContain('47');
      expect(parsed.reason).toContain(field);
    }),
  );
});

test.each(['', 'not JSON: SECRET', '{"a":', '"SECRET"', '[]', 'null', '17'])(
  'a body that is no message is refused: %j',
  (body) => {
    const parsed = parseMessage(body);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain('SECRET');
  },
);

test('any text at all is answered, never thrown at', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      expect(typeof parseMessage(body).ok).toBe('boolean');
    }),
  );
});

test.each([
  ['source_updated_at', '2025-12-20T04:00:00'],
  ['source_updated_at', '2025-13-20T04:00:00.000Z'],
  ['source_updated_at', '2025-02-30T04:00:00.000Z'],
  ['subject_created_at', '2025-12-20T04:00:00.000+24:30'],
  ['discovered_at', '2025-12-20'],
  ['test_date', '2025-02-30'],
  ['test_date', '20-12-2025'],
  ['record_type', 'parent_record'],
  ['mongo_doc_id', ''],
])('%s may not be %j', (field, value) => {
  const [built] = fc.sample(message, 1);
  expect(parseMessage(JSON.stringify({ ...built, [field]: value }))).toMatchObject({ ok: false });
});
