import { peekDeadLetterQueue } from '../../../../src/queue/sweep-dead-letter-queue.js';
import { received } from './received.js';

/** A dead-letter queue whose receives bring these rounds, and whose counts say so much is left after each. */
function scripted(rounds: { brings: number[]; left: number }[]) {
  let round = -1;
  const held = new Set<string>();
  const none = { lost: [], failed: [] };
  return {
    held,
    queue: {
      receive: () => {
        round += 1;
        const messages = (rounds[round]?.brings ?? []).flatMap((n) => received(1, 1, n));
        for (const { receiptHandle } of messages) held.add(receiptHandle);
        return Promise.resolve(messages);
      },
      depth: () => Promise.resolve({ visible: rounds[round]?.left ?? 0, in_flight: 0, delayed: 0 }),
      changeVisibility: (entries: readonly { receiptHandle: string }[]) => {
        for (const { receiptHandle } of entries) held.delete(receiptHandle);
        return Promise.resolve(none);
      },
      delete: () => Promise.resolve(none),
    },
    rounds: () => round + 1,
  };
}

test('goes on after a short round, and after an empty one, while the counts say that more is there', async () => {
  const { queue, held } = scripted([
    { brings: [0, 1], left: 3 },
    { brings: [], left: 3 },
    { brings: [2, 3, 4], left: 0 },
  ]);
  expect(await peekDeadLetterQueue(queue, 100)).toHaveLength(5);
  expect(held.size).toBe(0);
});

test('ends at once where a short round and the counts agree', async () => {
  const { queue, rounds } = scripted([{ brings: [0, 1], left: 0 }]);
  expect(await peekDeadLetterQueue(queue, 100)).toHaveLength(2);
  expect(rounds()).toBe(1);
});

test('ends where counts speak of letters that nobody is given, such as those behind others of their group', async () => {
  const { queue, rounds } = scripted(Array.from({ length: 9 }, () => ({ brings: [0], left: 3 })));
  expect(await peekDeadLetterQueue(queue, 100)).toHaveLength(1);
  expect(rounds()).toBe(4);
});
