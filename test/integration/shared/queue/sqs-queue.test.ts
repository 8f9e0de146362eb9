import { SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import {
  buildMessage,
  messageBody,
  parseMessage,
} from '../../../../src/pipelines/recordings/contract/message.js';
import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import type { MessageQueue, OutgoingMessage } from '../../../../src/queue/message-queue.js';
import { MESSAGE_TOO_LARGE } from '../../../../src/queue/send-refusals.js';
import { withDirectCalls } from '../../../../src/queue/direct-calls.js';
import { createSqsClient } from '../../../../src/queue/sqs-client.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { embeddedStack, freshQueue, sqsClient } from '../../embedded-stack.js';
import { throttlingClient } from './faulty-client.js';
import { sourceRows } from '../../../unit/recordings/activities/source-rows.js';
import { until } from '../../../until.js';

const numbered = (count: number): OutgoingMessage[] =>
  Array.from({ length: count }, (_, index) => ({ body: `{"n":${index}}`, deduplicationId: `d${index}` }));

/** Receives until the queue is empty, and deletes. */
async function drain(queue: MessageQueue): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const batch = await queue.receive({
      maxMessages: 100,
      maxWaitSeconds: 2,
      visibilityTimeoutSeconds: 60,
      returnWhenEmpty: true,
    });
    if (batch.length === 0) return bodies;
    bodies.push(...batch.map((message) => message.body));
    expect(await queue.delete(batch.map((message) => message.receiptHandle))).toEqual({
      lost: [],
      failed: [],
    });
  }
}

describe('a queue', () => {
  let client: SQSClient;
  beforeAll(() => {
    client = sqsClient();
  });
  afterAll(() => client.destroy());

  it('takes 1,000 messages in and gives each out once', async () => {
    const { queueUrl } = await freshQueue();
    const queue = createSqsQueue({ client, url: queueUrl });
    expect(await queue.send(numbered(1000))).toEqual({ sent: 1000, failed: [] });
    expect(await queue.depth()).toEqual({ visible: 1000, in_flight: 0, delayed: 0 });
    const bodies = await drain(queue);
    expect(bodies).toHaveLength(1000);
    expect(new Set(bodies).size).toBe(1000);
    expect(await queue.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });
  });

  it('gives each out once and takes its receipts where calls go around the middleware of the client', async () => {
    const { queueUrl } = await freshQueue();
    const queue = createSqsQueue({ client: withDirectCalls(client), url: queueUrl });
    await queue.send(numbered(300));
    const held = await queue.receive({ maxMessages: 40, maxWaitSeconds: 5, visibilityTimeoutSeconds: 60 });
    const receipts = held.map(({ receiptHandle }) => receiptHandle);
    for (const seconds of [30, 0]) {
      const entries = receipts.map((receiptHandle) => ({ receiptHandle, seconds }));
      expect(await queue.changeVisibility(entries)).toEqual({ lost: [], failed: [] });
    }
    const bodies = await drain(queue);
    expect([bodies.length, new Set(bodies).size]).toEqual([300, 300]);
    expect(await queue.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });
  });

  it('takes any text in the body that a row gets, and refuses it bare for what it holds', async () => {
    const { queueUrl } = await freshQueue();
    const queue = createSqsQueue({ client, url: queueUrl });
    const row = { ...sourceRows(1)[0]!, student_id: 'S-2\uffff\ufffe\u0000\ud800' };
    const message = buildMessage(row, 'trace', new Date());
    const bare = { body: 'S-2\uffff', deduplicationId: 'bare' };
    const report = await queue.send([
      ...numbered(3),
      { body: messageBody(message), deduplicationId: 'escaped' },
      bare,
    ]);
    expect(report).toMatchObject({ sent: 4, failed: [{ index: 4, final: true }] });
    const bodies = await drain(queue);
    expect(bodies.map((body) => parseMessage(body)).find(({ ok }) => ok)).toEqual({ ok: true, message });
  });

  it("leaves out only what is longer than a queue's own limit", async () => {
    const { queueUrl } = await freshQueue();
    await client.send(
      new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { MaximumMessageSize: '1024' } }),
    );
    const queue = createSqsQueue({ client, url: queueUrl });
    const long = { body: 'x'.repeat(2000), deduplicationId: 'long' };
    const report = await queue.send([...numbered(3), long, ...numbered(2)]);
    expect(report).toMatchObject({ sent: 5, failed: [{ index: 3, code: MESSAGE_TOO_LARGE, final: true }] });
    expect(await drain(queue)).toHaveLength(5);
  });

  it('sends again only the entries that were refused, so that nothing is sent twice', async () => {
    const { queueUrl } = await freshQueue();
    const { client: faulty, handedOver } = throttlingClient(client);
    const sent = numbered(200);
    expect(await createSqsQueue({ client: faulty, url: queueUrl }).send(sent)).toEqual({
      sent: 200,
      failed: [],
    });
    const times = sent.map(({ body }) => handedOver.get(body));
    expect(times).toEqual(sent.map((_, index) => (index % 3 === 0 ? 2 : 1)));
    const bodies = await drain(createSqsQueue({ client, url: queueUrl }));
    expect(bodies.sort()).toEqual(sent.map(({ body }) => body).sort());
  });

  it('says of a receipt that another delivery has replaced that it is lost', async () => {
    const { queueUrl } = await freshQueue();
    const queue = createSqsQueue({ client, url: queueUrl });
    await queue.send(numbered(1));
    const receive = () => queue.receive({ maxMessages: 1, maxWaitSeconds: 10, visibilityTimeoutSeconds: 1 });
    const [first] = await receive();
    const [second] = await receive();
    expect(second).toMatchObject({ messageId: first!.messageId, receiveCount: 2 });
    const stale = first!.receiptHandle;
    expect(await queue.changeVisibility([{ receiptHandle: stale, seconds: 30 }])).toEqual({
      lost: [stale],
      failed: [],
    });
  });

  it('gives back at once what arrives after an abort', async () => {
    const { queueUrl } = await freshQueue();
    const queue = createSqsQueue({ client, url: queueUrl });
    const abort = new AbortController();
    const asked = jest.spyOn(client, 'send');
    const receiving = queue.receive({
      maxMessages: 10,
      maxWaitSeconds: 20,
      visibilityTimeoutSeconds: 600,
      signal: abort.signal,
    });
    await until(() => asked.mock.calls.length > 0);
    asked.mockRestore();
    abort.abort();
    expect(await receiving).toEqual([]);
    await queue.send(numbered(1));
    await queue.idle();
    const [message] = await queue.receive({
      maxMessages: 1,
      maxWaitSeconds: 10,
      visibilityTimeoutSeconds: 30,
    });
    expect(message).toMatchObject({ body: '{"n":0}' });
  });

  it('keeps the order of a FIFO queue, and takes a deduplication id once', async () => {
    const { queueUrl } = await freshQueue({ fifo: true });
    const queue = createSqsQueue({ client, url: queueUrl, fifoGroupId: 'readings' });
    expect(queue.isFifo).toBe(true);
    // The emulator gives out one message of a group at a time.
    const sent = numbered(6);
    await queue.send(sent);
    expect(await queue.send(sent.slice(2, 4))).toEqual({ sent: 2, failed: [] });
    expect(await drain(queue)).toEqual(sent.map(({ body }) => body));
  });

  it('gives out what else is in a FIFO queue while a recording that failed waits for another try', async () => {
    const { queueUrl } = await freshQueue({ fifo: true });
    const queue = createSqsQueue({ client, url: queueUrl });
    await queue.send(numbered(3));
    const receive = () => queue.receive({ maxMessages: 1, maxWaitSeconds: 2, visibilityTimeoutSeconds: 600 });
    const [failed] = await receive();
    await queue.changeVisibility([{ receiptHandle: failed!.receiptHandle, seconds: 900 }]);
    const others = [await receive(), await receive()].flat().map(({ body }) => body);
    expect([failed!.body, ...others].sort()).toEqual(numbered(3).map(({ body }) => body));
  });

  it('says which queue does not exist', async () => {
    const { queueUrl } = await freshQueue();
    const missing = createSqsQueue({ client, url: `${queueUrl}-missing` });
    const options = { maxMessages: 1, maxWaitSeconds: 0, visibilityTimeoutSeconds: 1 };
    for (const call of [
      missing.ping(),
      missing.send(numbered(1)),
      missing.receive(options),
      missing.delete(['r']),
    ]) {
      const error: unknown = await call.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InvalidInput);
      expect((error as Error).message).toContain(`${queueUrl}-missing does not exist`);
    }
  });

  describe('reached through the process’s own client', () => {
    const saved = { ...process.env };
    afterEach(() => {
      process.env = { ...saved };
    });

    it('follows AWS_ENDPOINT_URL, also where the queue URL names another host', async () => {
      Object.assign(process.env, embeddedStack().env);
      const own = createSqsClient({ region: embeddedStack().env['AWS_REGION'] ?? 'ap-south-1' });
      try {
        const { queueUrl } = await freshQueue();
        await createSqsQueue({ client: own, url: queueUrl }).ping();
        const elsewhere = createSqsQueue({ client: own, url: 'http://nowhere.invalid/000000000000/jobs' });
        await expect(elsewhere.ping()).rejects.toThrow(/does not exist/);
      } finally {
        own.destroy();
      }
    });

    it('says that nobody answers', async () => {
      Object.assign(process.env, embeddedStack().env);
      const url = 'http://127.0.0.1:1/000000000000/jobs';
      const own = createSqsClient({ region: 'ap-south-1', endpoint: 'http://127.0.0.1:1' });
      try {
        const error: unknown = await createSqsQueue({ client: own, url })
          .ping()
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(DependencyUnavailable);
        expect((error as Error).message).toContain(`SQS did not answer sqs:GetQueueAttributes on ${url}`);
      } finally {
        own.destroy();
      }
    });
  });
});
