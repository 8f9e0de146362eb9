import { MAX_BODY_BYTES, readMessages, type ReadMessage } from '../../../../src/queue/read-messages.js';
import { received } from './received.js';

const read: ReadMessage<string> = ({ body }) => {
  if (body === 'throws') throw new RangeError('Maximum call stack size exceeded');
  if (body === 'notice') return { ok: false, notice: 's3:TestEvent' };
  return body.startsWith('{') ? { ok: true, message: body } : { ok: false, reason: body };
};
const sorted = (...bodies: string[]) =>
  readMessages(
    received(bodies.length).map((message, index) => ({ ...message, body: bodies[index]! })),
    read,
  );

test('messages are sorted by what a pipeline reads in them, and keep their order', () => {
  const { items, malformed, notices } = sorted('{1}', 'no', '{2}', 'notice');
  expect(items.map((item) => [item.received.messageId, item.message])).toEqual([
    ['m0', '{1}'],
    ['m2', '{2}'],
  ]);
  expect(malformed).toEqual([{ messageId: 'm1', receiveCount: 1, reason: 'no' }]);
  expect(notices).toEqual([{ messageId: 'm3', notice: 's3:TestEvent' }]);
});

test('a reader that throws, says too much or would get too much leaves the others alone', () => {
  const { items, malformed } = sorted(
    'throws',
    'x'.repeat(10_000),
    `{${'व'.repeat(MAX_BODY_BYTES / 3)}}`,
    '{}',
  );
  expect(items).toHaveLength(1);
  expect(malformed.map(({ reason }) => reason)).toEqual([
    'body: cannot be read',
    'x'.repeat(500),
    'body: 262145 bytes, at most 262144 are read',
  ]);
});
