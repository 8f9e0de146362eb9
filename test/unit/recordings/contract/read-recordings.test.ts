import { MAX_BODY_BYTES, readMessages } from '../../../../src/queue/read-messages.js';
import { readRecording } from '../../../../src/pipelines/recordings/contract/message.js';
import { received } from '../../shared/queue/received.js';

const row = {
  source_collection: 'student_assessment_record',
  mongo_doc_id: '665f0c0e8b3e4a0012345678',
  test_date: '2025-12-20',
  record_type: 'teacher_record',
  subject_id: 's-1',
  subject_name: 'वाचन',
  audio_s3_url: 's3://recordings/one.wav',
  source_updated_at: '2025-12-20T04:00:00.000Z',
  subject_created_at: '2025-12-20T04:00:00.000Z',
  student_id: 'QZXJ-4711',
  udise: null,
  trace_id: 't-1',
  discovered_at: '2025-12-20T20:00:00.000Z',
};
const parse = (...bodies: string[]) =>
  readMessages(
    received(bodies.length).map((message, index) => ({ ...message, body: bodies[index]! })),
    readRecording,
  );

function nestedEnvelopes(depth: number): string {
  const inside = depth === 0 ? JSON.stringify(row) : nestedEnvelopes(depth - 1);
  return JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:x:1:t', Message: inside });
}

describe('reading a batch', () => {
  it('sorts messages from what is none, and keeps their order', () => {
    const { items, malformed } = parse(
      JSON.stringify(row),
      'no json',
      JSON.stringify({ ...row, trace_id: 't-2' }),
      '',
    );
    expect(items.map((item) => [item.received.messageId, item.message.trace_id])).toEqual([
      ['m0', 't-1'],
      ['m2', 't-2'],
    ]);
    expect(malformed).toEqual([
      { messageId: 'm1', receiveCount: 1, reason: 'not JSON' },
      { messageId: 'm3', receiveCount: 1, reason: 'not JSON' },
    ]);
  });

  it('keeps unknown fields out', () => {
    const { items } = parse(JSON.stringify({ ...row, extra: { nested: true } }));
    expect(items[0]!.message).toEqual(row);
  });

  it.each([
    ['null', 'null'],
    ['a number', '12'],
    ['a list', '[]'],
    ['JSON inside a JSON string', JSON.stringify(JSON.stringify(row))],
    ['base64', Buffer.from(JSON.stringify(row)).toString('base64')],
    [
      'an SNS subscription',
      JSON.stringify({ Type: 'SubscriptionConfirmation', TopicArn: 'arn', Message: 'QZXJ' }),
    ],
    [
      'an S3 event',
      JSON.stringify({ Records: [{ eventSource: 'aws:s3', s3: { object: { key: 'QZXJ' } } }] }),
    ],
    ['envelopes without end', nestedEnvelopes(9)],
    ['a missing field', JSON.stringify({ ...row, audio_s3_url: undefined })],
    ['an impossible date', JSON.stringify({ ...row, test_date: '2025-02-30' })],
    ['100,000 nested lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['a field nested 50,000 deep', `{"student_id":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
    ['a body over the limit', JSON.stringify({ ...row, extra: 'x'.repeat(MAX_BODY_BYTES) })],
    ['a lone surrogate', '\ud800'],
  ])('takes %s as malformed with a reason and no value of the body', (_name, body) => {
    const { items, malformed } = parse(body);
    expect(items).toEqual([]);
    expect(malformed).toHaveLength(1);
    expect(malformed[0]!.reason).not.toBe('');
    expect(malformed[0]!.reason.length).toBeLessThanOrEqual(500);
    expect(malformed[0]!.reason).not.toContain('QZXJ');
  });

  it('counts a body in bytes, not in characters', () => {
    const { malformed } = parse(JSON.stringify({ ...row, extra: 'व'.repeat(MAX_BODY_BYTES / 3) }));
    expect(malformed[0]!.reason).toMatch(/bytes, at most 262144/);
  });

  it('is not touched by prototype keys', () => {
    const poisoned = JSON.stringify(row).replace(
      '{',
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
    );
    const { items } = parse(poisoned);
    expect(items[0]!.message).toEqual(row);
    expect(Object.getPrototypeOf(items[0]!.message)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('does not take required fields from a prototype key', () => {
    const { items } = parse(`{"__proto__":${JSON.stringify(row)}}`);
    expect(items).toEqual([]);
  });
});
