import type { SQSClient } from '@aws-sdk/client-sqs';
import type { MessageQueue } from '../../../../src/queue/message-queue.js';
import { redriveMessages } from '../../../../src/queue/redrive.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { freshQueue, sqsClient } from '../../embedded-stack.js';
import { until } from '../../../until.js';

let client: SQSClient;
beforeAll(() => {
  client = sqsClient();
});
afterAll(() => client.destroy());

interface Queues {
  from: MessageQueue;
  to: MessageQueue;
}

async function withDeadLetters(count: number): Promise<Queues> {
  const { queueUrl, deadLetterQueueUrl } = await freshQueue();
  const from = createSqsQueue({ client, url: deadLetterQueueUrl });
  const bodies = Array.from({ length: count }, (_, index) => `letter ${index}`);
  await from.send(bodies.map((body) => ({ body, deduplicationId: body })));
  return { from, to: createSqsQueue({ client, url: queueUrl }) };
}

const everything = { limit: 1000, accept: () => true };

async function bodiesIn(queue: MessageQueue): Promise<string[]> {
  const messages = await queue.receive({
    maxMessages: 1000,
    maxWaitSeconds: 2,
    visibilityTimeoutSeconds: 30,
    returnWhenEmpty: true,
  });
  return messages.map(({ body }) => body).sort();
}

describe('a redrive', () => {
  test('moves what is accepted, and shows the rest again at once', async () => {
    const { from, to } = await withDeadLetters(25);
    const report = await redriveMessages(
      { from, to },
      {
        ...everything,
        // Nothing but the give-back can show them again within this test.
        visibilityTimeoutSeconds: 3600,
        startedAt: new Date(),
        accept: ({ body }) => body.endsWith('5'),
      },
    );
    expect(report).toEqual({ looked: 25, sent: 2, deleted: 2, notDeleted: 0, refused: [] });
    expect(await bodiesIn(to)).toEqual(['letter 15', 'letter 5']);
    expect(await from.depth()).toEqual({ visible: 23, in_flight: 0, delayed: 0 });
  });

  test('killed between sending and deleting, and run again, loses nothing and doubles ten at the most', async () => {
    const { from, to } = await withDeadLetters(25);
    const killed = new Error('killed');
    // What a SIGKILL leaves: nothing deleted, nothing given back.
    const dying: MessageQueue = {
      ...from,
      delete: () => Promise.reject(killed),
      changeVisibility: () => Promise.resolve({ lost: [], failed: [] }),
    };
    const startedAt = new Date();
    const brief = { ...everything, visibilityTimeoutSeconds: 1, startedAt };
    await expect(redriveMessages({ from: dying, to }, brief)).rejects.toBe(killed);
    await until(async () => (await from.depth()).visible === 25);

    const { sent } = await redriveMessages({ from, to }, { ...everything, startedAt });
    expect(sent).toBe(25);
    const bodies = await bodiesIn(to);
    expect(new Set(bodies).size).toBe(25);
    expect(bodies).toHaveLength(35);
    expect(await from.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });
  });

  test('keeps a letter that the queue does not take', async () => {
    const { from, to } = await withDeadLetters(3);
    const choosy: Pick<MessageQueue, 'send'> = {
      send: async (messages) => {
        const rest = messages.filter(({ body }) => body !== 'letter 1');
        await to.send(rest);
        const index = messages.findIndex(({ body }) => body === 'letter 1');
        return { sent: rest.length, failed: [{ index, code: 'TooLarge', reason: 'too large', final: true }] };
      },
    };
    const report = await redriveMessages({ from, to: choosy }, { ...everything, startedAt: new Date() });
    expect(report).toMatchObject({ sent: 2, deleted: 2, refused: [{ reason: 'too large' }] });
    expect(await bodiesIn(from)).toEqual(['letter 1']);
  });

  test('leaves a letter alone that was sent after it began, and failed again', async () => {
    const { from, to } = await withDeadLetters(2);
    const startedAt = new Date(Date.now() - 60_000);
    expect(await redriveMessages({ from, to }, { ...everything, startedAt })).toMatchObject({
      looked: 2,
      sent: 0,
    });
  });
});
