import type { SQSClient } from '@aws-sdk/client-sqs';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { startLease } from '../../../../src/queue/batch-lease.js';
import type { MessageQueue } from '../../../../src/queue/message-queue.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { freshQueue, sqsClient } from '../../embedded-stack.js';
import { until } from '../../../until.js';

const VISIBILITY_SECONDS = 2;

describe('a batch lease on a real queue', () => {
  let client: SQSClient;
  beforeAll(() => {
    client = sqsClient();
  });
  afterAll(() => client.destroy());

  /** Sends messages and receives them under a new lease. */
  async function leased(count: number, graceSeconds: number) {
    const { queueUrl } = await freshQueue({ maxReceiveCount: 10 });
    const queue = createSqsQueue({ client, url: queueUrl });
    await queue.send(
      Array.from({ length: count }, (_, index) => ({ body: `${index}`, deduplicationId: `${index}` })),
    );
    const log = recordingLogger();
    const lease = startLease({ queue, visibilityTimeoutSeconds: VISIBILITY_SECONDS, graceSeconds, log });
    const messages = await queue.receive({
      maxMessages: count,
      maxWaitSeconds: 10,
      visibilityTimeoutSeconds: VISIBILITY_SECONDS,
      onArrival: (arrived) => lease.add(arrived),
    });
    return { queue, lease, log, messages };
  }

  const another = (queue: MessageQueue, maxMessages: number, maxWaitSeconds: number) =>
    queue.receive({ maxMessages, maxWaitSeconds, visibilityTimeoutSeconds: 60, returnWhenEmpty: true });

  it('keeps messages from others past three times their visibility, and lets them go when it ends', async () => {
    const { queue, lease, messages } = await leased(25, 60);
    lease.enter();
    expect(await another(queue, 25, VISIBILITY_SECONDS * 3 + 1)).toEqual([]);
    expect(messages.every(({ messageId }) => lease.isLive(messageId))).toBe(true);
    expect(lease.lost().size).toBe(0);
    lease.end();
    const [back] = await another(queue, 1, 10);
    expect(back).toMatchObject({ receiveCount: 2 });
  });

  it('gives messages back when nobody begins a stage within the grace', async () => {
    const { queue, lease, log } = await leased(3, 1);
    const back = await another(queue, 3, 10);
    expect(back.length).toBeGreaterThan(0);
    expect(lease.state).toBe('expired');
    expect(lease.enter()).toBe(false);
    expect(log.of('lease_expired')).toHaveLength(1);
  });

  it('notices a message that somebody else has now, and acknowledges the others', async () => {
    const { queue, lease, messages } = await leased(3, 60);
    lease.enter();
    const [stolen, ...kept] = messages;
    await queue.changeVisibility([{ receiptHandle: stolen!.receiptHandle, seconds: 0 }]);
    expect(await another(queue, 1, 10)).toMatchObject([{ messageId: stolen!.messageId }]);
    await until(() => lease.lost().size > 0);
    expect([...lease.lost()]).toEqual([stolen!.messageId]);
    expect(await lease.acknowledge(kept.map(({ messageId }) => messageId))).toEqual({ lost: [], failed: [] });
    expect(await queue.depth()).toEqual({ visible: 0, in_flight: 1, delayed: 0 });
    lease.end();
  });

  it('hides a failed message for its retry delay, and gives the rest back on a drain', async () => {
    const { queue, lease, messages } = await leased(2, 60);
    lease.enter();
    await lease.release([{ messageId: messages[0]!.messageId, delaySeconds: 600 }]);
    await lease.giveBack();
    expect(await another(queue, 2, VISIBILITY_SECONDS + 2)).toMatchObject([
      { messageId: messages[1]!.messageId },
    ]);
  });
});
