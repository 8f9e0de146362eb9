import fc from 'fast-check';
import { readInstant } from '../../../../src/contract/instants.js';
import { parseMessage } from '../../../../src/pipelines/recordings/contract/message.js';
import messages from '../../../fixtures/messages/other-producers.json';

const BASE = messages.contract;
const read = (body: string) => parseMessage(body);
const withChanges = (changes: object): string => JSON.stringify({ ...BASE, ...changes });

test.each([
  ['2025-12-24T05:00:00Z', '2025-12-24T05:00:00.000Z'],
  ['2025-12-24T05:00:00+00:00', '2025-12-24T05:00:00.000Z'],
  ['2025-12-24T10:30:00.123456+05:30', '2025-12-24T05:00:00.123Z'],
  ['2025-12-24T10:30:00+0530', '2025-12-24T05:00:00.000Z'],
  ['2025-12-24T00:30-09', '2025-12-24T09:30:00.000Z'],
  ['2025-12-24 05:00:00,5z', '2025-12-24T05:00:00.500Z'],
  ['2025-12-31T23:30:00.999999999-01:00', '2026-01-01T00:30:00.999Z'],
])('%s is the instant %s', (text, instant) => {
  expect(readInstant(text)).toBe(instant);
});

test.each([
  '2025-12-24',
  '2025-12-24T05:00:00',
  '2025-02-30T05:00:00Z',
  '2025-12-24T25:00:00Z',
  '2025-12-24T05:60:00Z',
  '2025-12-24T05:00:00+24:00',
  '2025-12-24T05:00:00+05:60',
  '0000-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59-01:00',
  '24/12/2025 05:00',
  '1766552400',
])('%s is no instant', (text) => {
  expect(readInstant(text)).toBeUndefined();
});

test('the contract’s own form is read as it is, any instant and any offset', () => {
  const date = fc.date({
    min: new Date('1000-01-02'),
    max: new Date('9998-12-30'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, fc.integer({ min: -1439, max: 1439 }), (instant, minutes) => {
      const iso = instant.toISOString();
      expect(readInstant(iso)).toBe(iso);
      const local = new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, -1);
      const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
      const two = (n: number): string => String(n).padStart(2, '0');
      expect(readInstant(`${local}${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`)).toBe(iso);
    }),
  );
});

test.each(Object.entries(messages.read))('%s is read as the contract’s message', (_, body) => {
  expect(read(body)).toEqual({ ok: true, message: BASE });
});

test.each(Object.entries(messages.malformed))(
  '%s is malformed, and the reason says what it is',
  (_, { body, reason }) => {
    expect(read(body)).toEqual({ ok: false, reason: expect.stringContaining(reason) as string });
  },
);

test('S3’s test of a new notification is nobody’s mistake', () => {
  expect(read(messages.s3_test)).toEqual({ ok: false, notice: 's3:TestEvent' });
});

test('ids as whole numbers are read as their digits, unless JSON may have rounded them', () => {
  const changes = { student_id: 4711, subject_id: 7, mongo_doc_id: 1234567, udise: 27010100101 };
  expect(read(withChanges(changes))).toEqual({
    ok: true,
    message: { ...BASE, student_id: '4711', subject_id: '7', mongo_doc_id: '1234567', udise: '27010100101' },
  });
  expect(read(withChanges({ student_id: 2 ** 53 }))).toMatchObject({ ok: false });
});
