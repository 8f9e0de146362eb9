import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import type { ReceivedMessage } from '../../../../src/queue/message-queue.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { fakeSqs, QUEUE_URL, vendorError, type SqsCall } from './fake-sqs.js';

const vendorMessages = (count: number, first = 0, delivery = 1) => ({
  Messages: Array.from({ length: count }, (_, index) => ({
    MessageId: `m${first + index}`,
    ReceiptHandle: `m${first + index}#${delivery}`,
    Body: '{}',
    Attributes: { ApproximateReceiveCount: String(delivery), SentTimestamp: '1760000000000' },
  })),
});
const wantedBy = (call: SqsCall) => call.input['MaxNumberOfMessages'] as number;
const idsOf = (messages: readonly ReceivedMessage[]) => messages.map((message) => message.messageId);

/** A queue that hands out `available` messages, then answers empty. */
function stock(available: number) {
  let next = 0;
  return (call: SqsCall) => {
    if (call.action !== 'ReceiveMessage') return {};
    const count = Math.min(wantedBy(call), available - next);
    next += count;
    return vendorMessages(count, next - count);
  };
}

describe('receiving', () => {
  const base = { maxMessages: 100, maxWaitSeconds: 30, visibilityTimeoutSeconds: 60 };

  it('fills a batch by parallel polls and returns at once when it is full', async () => {
    const { client, calls } = fakeSqs(stock(1000));
    const messages = await createSqsQueue({ client, url: QUEUE_URL }).receive(base);
    expect(new Set(idsOf(messages)).size).toBe(100);
    expect(calls).toHaveLength(10);
    expect(calls[0]!.input).toMatchObject({
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 20,
      VisibilityTimeout: 60,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
    });
    expect(messages[0]).toEqual({
      messageId: 'm0',
      receiptHandle: 'm0#1',
      body: '{}',
      receiveCount: 1,
      sentAtMs: 1_760_000_000_000,
    });
  });

  it('never asks for more than is still wanted, also while polls are open', async () => {
    const { client } = fakeSqs(stock(1000));
    const messages = await createSqsQueue({ client, url: QUEUE_URL }).receive({ ...base, maxMessages: 37 });
    expect(messages).toHaveLength(37);
  });

  it('asks an empty queue with one poll at a time', async () => {
    const { client, calls } = fakeSqs(stock(0));
    expect(await createSqsQueue({ client, url: QUEUE_URL }).receive({ ...base, maxWaitSeconds: 0 })).toEqual(
      [],
    );
    expect(calls.map((call) => call.input['WaitTimeSeconds'])).toEqual([0]);
  });

  it('fills a batch within a wait of one second too, while messages keep coming', async () => {
    const { client } = fakeSqs(stock(1000));
    const messages = await createSqsQueue({ client, url: QUEUE_URL }).receive({ ...base, maxWaitSeconds: 1 });
    expect(messages).toHaveLength(100);
  });

  it('never lets a poll outlast the remaining wait', async () => {
    const { client, calls } = fakeSqs(stock(0));
    await createSqsQueue({ client, url: QUEUE_URL }).receive({ ...base, maxWaitSeconds: 1.9 });
    expect(calls[0]!.input['WaitTimeSeconds']).toBe(1);
  });

  it('stops as soon as the queue is clearly empty where the caller prefers that to waiting', async () => {
    const { client, calls } = fakeSqs(stock(23));
    const messages = await createSqsQueue({ client, url: QUEUE_URL }).receive({
      ...base,
      returnWhenEmpty: true,
    });
    expect(messages).toHaveLength(23);
    expect(calls.slice(1).every((call) => call.input['WaitTimeSeconds'] === 1)).toBe(true);
  });

  it('keeps the newest receipt of a message that comes twice', async () => {
    const { client } = fakeSqs((_call, index) => (index < 2 ? vendorMessages(1, 0, index + 1) : {}));
    const arrivals: string[] = [];
    const messages = await createSqsQueue({ client, url: QUEUE_URL }).receive({
      ...base,
      maxMessages: 2,
      returnWhenEmpty: true,
      onArrival: (arrived) => arrivals.push(...arrived.map((message) => message.receiptHandle)),
    });
    expect(messages.map((message) => message.receiptHandle)).toEqual(['m0#2']);
    expect(arrivals).toEqual(['m0#1', 'm0#2']);
  });

  it('says each arrival before it waits for others', async () => {
    let release: (answer: unknown) => void = () => undefined;
    const { client } = fakeSqs((_call, index) =>
      index === 0 ? vendorMessages(10) : new Promise((resolve) => (release = resolve)),
    );
    const arrived = new Promise<ReceivedMessage[]>((resolve) => {
      const receiving = createSqsQueue({ client, url: QUEUE_URL }).receive({
        ...base,
        maxMessages: 20,
        onArrival: resolve,
      });
      void receiving.catch(() => undefined);
    });
    expect(await arrived).toHaveLength(10);
    release(vendorMessages(10, 10));
  });

  it('answers an abort with what is at hand, and gives back what still arrives', async () => {
    const abort = new AbortController();
    let release: (answer: unknown) => void = () => undefined;
    const { client, calls } = fakeSqs((call, index) => {
      if (call.action !== 'ReceiveMessage') return {};
      if (index === 0) return vendorMessages(10);
      const late = new Promise((resolve) => (release = resolve));
      setImmediate(() => abort.abort());
      return late;
    });
    const queue = createSqsQueue({ client, url: QUEUE_URL });
    const messages = await queue.receive({ ...base, maxMessages: 20, signal: abort.signal });
    expect(idsOf(messages)).toEqual(Array.from({ length: 10 }, (_, index) => `m${index}`));
    expect(calls[1]!.signal!.aborted).toBe(false);
    release(vendorMessages(2, 10));
    await queue.idle();
    expect(calls.at(-1)).toMatchObject({
      action: 'ChangeMessageVisibilityBatch',
      input: {
        Entries: [
          { ReceiptHandle: 'm10#1', VisibilityTimeout: 0 },
          { ReceiptHandle: 'm11#1', VisibilityTimeout: 0 },
        ],
      },
    });
    expect(messages).toHaveLength(10);
  });

  it('asks nothing when its caller has aborted already', async () => {
    const { client, calls } = fakeSqs(stock(5));
    const options = { ...base, signal: AbortSignal.abort() };
    expect(await createSqsQueue({ client, url: QUEUE_URL }).receive(options)).toEqual([]);
    expect(calls).toHaveLength(0);
  });

  it('takes the cap of messages in flight as an empty queue', async () => {
    const { client } = fakeSqs(() => vendorError('OverLimit', 403));
    expect(await createSqsQueue({ client, url: QUEUE_URL }).receive({ ...base, maxWaitSeconds: 0 })).toEqual(
      [],
    );
  });

  it('returns what is at hand when a later poll fails', async () => {
    const { client } = fakeSqs((_call, index) =>
      index === 0 ? vendorMessages(4) : vendorError('InternalError', 500),
    );
    expect(await createSqsQueue({ client, url: QUEUE_URL }).receive(base)).toHaveLength(4);
  });

  it.each([
    ['QueueDoesNotExist', 400, InvalidInput],
    ['ServiceUnavailable', 503, DependencyUnavailable],
  ])('throws %s as what it is when nothing is at hand', async (name, status, kind) => {
    const { client } = fakeSqs(() => vendorError(name, status));
    await expect(createSqsQueue({ client, url: QUEUE_URL }).receive(base)).rejects.toBeInstanceOf(kind);
  });

  it('polls a FIFO queue with one poll at a time', async () => {
    let open = 0;
    const answer = stock(25);
    const { client } = fakeSqs(async (call) => {
      open += 1;
      expect(open).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return answer(call);
    });
    const queue = createSqsQueue({ client, url: `${QUEUE_URL}.fifo` });
    expect(idsOf(await queue.receive({ ...base, maxMessages: 25 }))).toEqual(
      Array.from({ length: 25 }, (_, index) => `m${index}`),
    );
  });
});
