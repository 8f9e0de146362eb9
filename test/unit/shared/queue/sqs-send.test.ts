import { MESSAGE_TOO_LARGE } from '../../../../src/queue/send-refusals.js';
import { MAX_CALL_BYTES } from '../../../../src/queue/sqs-send.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { fakeSqs, QUEUE_URL } from './fake-sqs.js';
import { messages, idsOf } from './outgoing.js';

describe('sending', () => {
  it('sends in calls of ten', async () => {
    const { client, calls } = fakeSqs(() => ({ Successful: [] }));
    const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(25));
    expect(report).toEqual({ sent: 25, failed: [] });
    expect(calls.map((call) => idsOf(call).length)).toEqual([10, 10, 5]);
  });

  it('sends message attributes only where there are some', async () => {
    const { client, calls } = fakeSqs(() => ({}));
    const [first, second] = messages(2);
    await createSqsQueue({ client, url: QUEUE_URL }).send([
      { ...first!, attributes: { traceparent: '00-trace' } },
      { ...second!, attributes: {} },
    ]);
    expect(calls[0]!.input.Entries!.map((entry) => entry.MessageAttributes)).toEqual([
      { traceparent: { DataType: 'String', StringValue: '00-trace' } },
      undefined,
    ]);
  });

  it('counts attributes into what a call can carry', async () => {
    const { client } = fakeSqs(() => ({}));
    const body = 'x'.repeat(MAX_CALL_BYTES);
    const [message] = messages(1);
    const report = await createSqsQueue({ client, url: QUEUE_URL }).send([
      { ...message!, body, attributes: { traceparent: '00-trace' } },
    ]);
    expect(report.failed.map(({ code }) => code)).toEqual([MESSAGE_TOO_LARGE]);
  });

  it('sends only the failed entries of a batch again', async () => {
    const { client, calls } = fakeSqs((_call, index) =>
      index === 0
        ? {
            Failed: [
              { Id: '3', Code: 'ThrottlingException', SenderFault: false },
              { Id: '7', Code: 'InternalError' },
            ],
          }
        : {},
    );
    const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(10));
    expect(report).toEqual({ sent: 10, failed: [] });
    expect(calls.map(idsOf)).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [3, 7],
    ]);
  });

  it('does not send again what is the sender’s fault', async () => {
    const { client, calls } = fakeSqs(() => ({
      Failed: [{ Id: '1', Code: 'InvalidMessageContents', Message: 'characters', SenderFault: true }],
    }));
    const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(3));
    expect(report).toEqual({
      sent: 2,
      failed: [{ index: 1, code: 'InvalidMessageContents', reason: 'characters', final: true }],
    });
    expect(calls).toHaveLength(1);
  });

  it('gives up on an entry after a bounded number of attempts', async () => {
    const { client, calls } = fakeSqs(() => ({
      Failed: [{ Id: '0', Code: 'InternalError', Message: 'no' }],
    }));
    const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(2));
    expect(report.failed).toEqual([{ index: 0, code: 'InternalError', reason: 'no', final: false }]);
    expect(calls.map(idsOf)).toEqual([[0, 1], [0], [0], [0]]);
  });

  it('reports the entries of a call that was never answered, and tried again before', async () => {
    const { client, calls } = fakeSqs(() =>
      Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
    );
    const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(2));
    expect(report.sent).toBe(0);
    expect(report.failed.map(({ index, code }) => [index, code])).toEqual([
      [0, 'ECONNRESET'],
      [1, 'ECONNRESET'],
    ]);
    expect(calls).toHaveLength(4);
  });

  it('keeps each call within the size limit, counted in bytes', async () => {
    const { client, calls } = fakeSqs(() => ({}));
    const large = 'व'.repeat(30_000);
    await createSqsQueue({ client, url: QUEUE_URL }).send(messages(5, large));
    expect(calls.map(idsOf)).toEqual([[0, 1], [2, 3], [4]]);
  });

  it('fails a message alone that no call can carry', async () => {
    const { client, calls } = fakeSqs(() => ({}));
    const batch = messages(3);
    batch[1]!.body = 'x'.repeat(MAX_CALL_BYTES + 1);
    const report = await createSqsQueue({ client, url: QUEUE_URL }).send(batch);
    expect(report.sent).toBe(2);
    expect(report.failed).toEqual([expect.objectContaining({ index: 1, code: MESSAGE_TOO_LARGE })]);
    expect(calls[0]!.input.Entries!.map((entry) => entry.MessageBody)).toEqual(['x0', 'x2']);
  });

  it('sends to FIFO queues one call after the other, with group and deduplication id', async () => {
    let open = 0;
    const { client, calls } = fakeSqs(async () => {
      open += 1;
      expect(open).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return {};
    });
    await createSqsQueue({ client, url: `${QUEUE_URL}.fifo`, fifoGroupId: 'readings' }).send(messages(25));
    expect(calls.map((call) => idsOf(call)[0])).toEqual([0, 10, 20]);
    expect(calls[2]!.input.Entries![4]).toMatchObject({
      MessageBody: 'x24',
      MessageGroupId: 'readings',
      MessageDeduplicationId: 'd24',
    });
  });

  it('gives each message of a FIFO queue its own group where the queue has none for all', async () => {
    const { client, calls } = fakeSqs(() => ({}));
    const [first, second] = messages(2);
    await createSqsQueue({ client, url: `${QUEUE_URL}.fifo` }).send([
      { ...first!, groupId: 'recording' },
      second!,
    ]);
    expect(calls[0]!.input.Entries!.map((entry) => entry.MessageGroupId)).toEqual(['recording', 'd1']);
  });

  it('stops when its caller aborts', async () => {
    const abort = new AbortController();
    const { client, calls } = fakeSqs(() => {
      abort.abort(new Error('stop now'));
      return { Failed: [{ Id: '0', Code: 'InternalError' }] };
    });
    await expect(createSqsQueue({ client, url: QUEUE_URL }).send(messages(1), abort.signal)).rejects.toThrow(
      'stop now',
    );
    expect(calls).toHaveLength(1);
  });
});
