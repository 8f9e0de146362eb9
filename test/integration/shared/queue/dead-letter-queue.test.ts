import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { findDeadLetterQueue } from '../../../../src/queue/dead-letter-queue.js';
import { peekDeadLetterQueue, sweepDeadLetterQueue } from '../../../../src/queue/sweep-dead-letter-queue.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { freshName, freshQueue, sqsClient } from '../../embedded-stack.js';
import { until } from '../../../until.js';

describe('dead-letter messages', () => {
  let client: SQSClient;
  beforeAll(() => {
    client = sqsClient();
  });
  afterAll(() => client.destroy());

  it('a message that fails in every delivery ends there, and looking at it leaves it there', async () => {
    const { queueUrl, deadLetterQueueUrl } = await freshQueue({ maxReceiveCount: 2 });
    const queue = createSqsQueue({ client, url: queueUrl });
    await queue.send([{ body: 'poison', deduplicationId: 'd' }]);
    const found = await findDeadLetterQueue(client, queueUrl);
    expect(found).toMatchObject({ maxReceiveCount: 2, queue: { url: deadLetterQueueUrl } });

    const deliveries: number[] = [];
    await until(async () => {
      const [message] = await queue.receive({
        maxMessages: 1,
        maxWaitSeconds: 0,
        visibilityTimeoutSeconds: 30,
      });
      if (message !== undefined) {
        deliveries.push(message.receiveCount);
        await queue.changeVisibility([{ receiptHandle: message.receiptHandle, seconds: 0 }]);
      }
      return (await found!.queue.depth()).visible === 1;
    });
    expect(deliveries).toEqual([1, 2]);
    expect(await queue.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });

    for (let look = 0; look < 2; look += 1) {
      expect(await peekDeadLetterQueue(found!.queue, 10)).toMatchObject([{ body: 'poison' }]);
    }
    expect(await found!.queue.depth()).toEqual({ visible: 1, in_flight: 0, delayed: 0 });
  });

  it('a sweep that deletes goes through a whole message group of a FIFO queue', async () => {
    const { deadLetterQueueUrl } = await freshQueue({ fifo: true });
    // One group, of which SQS gives out the first letters only (the emulator one) until they are gone.
    const dead = createSqsQueue({ client, url: deadLetterQueueUrl, fifoGroupId: 'readings' });
    await dead.send([0, 1, 2, 3].map((n) => ({ body: `letter ${n}`, deduplicationId: `d${n}` })));
    const report = await sweepDeadLetterQueue(dead, { limit: 100 }, (letters) => Promise.resolve(letters));
    expect(report).toEqual({ looked: 4, deleted: 4, notDeleted: 0 });
    expect(await dead.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });
  });

  it('says that a queue has none', async () => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: freshName('no-dlq') }));
    expect(await findDeadLetterQueue(client, QueueUrl!)).toBeUndefined();
  });
});
