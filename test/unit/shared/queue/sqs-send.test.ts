import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import { MESSAGE_TOO_LARGE } from '../../../../src/queue/send-refusals.js';
import { MAX_CALL_BYTES } from '../../../../src/queue/sqs-send.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { fakeSqs, QUEUE_URL, vendorError, type SqsCall } from './fake-sqs.js';

const messages = (count: number, body = 'x') =>
  Array.from({ length: count }, (_, index) => ({ body: `${body}${index}`, deduplicationId: `d${index}` }));
const idsOf = (call: SqsCall) => call.input.Entries!.map((entry) => Number(entry.Id));

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
    await createSqsQueue({ client, url: `${QUEUE_URL}.fifo`, fifoGroupId: 'night' }).send(messages(25));
    expect(calls.map((call) => idsOf(call)[0])).toEqual([0, 10, 20]);
    expect(calls[2]!.input.Entries![4]).toMatchObject({
      MessageBody: 'x24',
      MessageGroupId: 'night',
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

describe('a message that SQS will never take', () => {
  const refusing = (index: number, refusal: (entry: string) => unknown) =>
    fakeSqs(({ input }) => {
      const entry = input.Entries!.find(({ Id }) => Number(Id) === index);
      return entry === undefined ? {} : refusal(entry.Id);
    });
  const entryRefusal =
    (code: string, message = 'no') =>
    (id: string) => ({ Failed: [{ Id: id, Code: code, Message: message, SenderFault: true }] });

  it.each([
    [MESSAGE_TOO_LARGE, 'AWS.SimpleQueueService.BatchRequestTooLong'],
    [MESSAGE_TOO_LARGE, 'BatchRequestTooLong'],
    ['InvalidMessageContents', 'InvalidMessageContents'],
    ['InvalidParameterValue', 'InvalidParameterValue'],
  ])(
    'is found in a call that %s refused as a whole, and the others of the call are sent',
    async (reported, code) => {
      const { client, calls } = refusing(4, () => vendorError(code));
      const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(12));
      expect(report.sent).toBe(11);
      expect(report.failed).toEqual([expect.objectContaining({ index: 4, code: reported, final: true })]);
      expect(calls.flatMap(idsOf).filter((id) => id === 4)).toHaveLength(2);
    },
  );

  it('is told from one that a policy, a key or a limit keeps out for now', async () => {
    for (const code of [
      'AccessDenied',
      'KMS.DisabledException',
      'KmsThrottled',
      'RequestThrottled',
      'OverLimit',
    ]) {
      const { client } = refusing(0, entryRefusal(code));
      const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(2));
      expect(report.failed).toEqual([expect.objectContaining({ index: 0, code, final: false })]);
    }
  });

  it('may be refused by a code that nobody knows, so long as the queue takes others', async () => {
    const { client } = refusing(1, entryRefusal('InvalidSomething'));
    const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(3));
    expect(report.failed).toEqual([expect.objectContaining({ index: 1, final: true })]);
  });

  it('is no message at all when every one is refused by a code that nobody knows', async () => {
    const { client } = fakeSqs(({ input }) => ({
      Failed: input.Entries!.map(({ Id }) => ({ Id, Code: 'InvalidSomething', SenderFault: true })),
    }));
    const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(3));
    expect(report.failed.map(({ final }) => final)).toEqual([false, false, false]);
  });

  it('is known by itself once the queue has taken others', async () => {
    let broken = false;
    const { client } = fakeSqs(({ input }) =>
      broken ? entryRefusal('InvalidSomething')(input.Entries![0]!.Id) : {},
    );
    const queue = createSqsQueue({ client, url: QUEUE_URL });
    await queue.send(messages(3));
    broken = true;
    expect((await queue.send(messages(1))).failed).toEqual([expect.objectContaining({ final: true })]);
  });

  it("is too long for the queue's own limit, in a call or in an entry", async () => {
    const reason = 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.';
    for (const refusal of [
      entryRefusal('InvalidParameterValue', reason),
      () => Object.assign(vendorError('InvalidParameterValue'), { message: reason }),
    ]) {
      const { client } = refusing(0, refusal);
      const report = await createSqsQueue({ client, url: QUEUE_URL }).send(messages(1));
      expect(report.failed).toEqual([
        expect.objectContaining({ index: 0, code: MESSAGE_TOO_LARGE, final: true }),
      ]);
    }
  });

  it('is not looked for when the call fails for another cause', async () => {
    const { client, calls } = fakeSqs(() => vendorError('InvalidParameterValue'));
    await expect(createSqsQueue({ client, url: QUEUE_URL }).send(messages(2))).rejects.toThrow(InvalidInput);
    expect(calls.map(idsOf)).toEqual([[0, 1], [0], [1]]);
  });
});

describe('errors of the vendor', () => {
  const failWith = async (error: Error): Promise<unknown> => {
    const { client } = fakeSqs(() => error);
    return await createSqsQueue({ client, url: QUEUE_URL })
      .depth()
      .catch((thrown: unknown) => thrown);
  };

  it.each([
    ['QueueDoesNotExist', 400, InvalidInput, /does not exist.*SQS_QUEUE_URL/],
    ['AccessDeniedException', 400, InvalidInput, /grant sqs:GetQueueAttributes/],
    ['AccessDenied', 403, InvalidInput, /access denied/],
    ['KmsAccessDenied', 400, InvalidInput, /kms:Decrypt/],
    ['UnrecognizedClientException', 400, InvalidInput, /credentials/],
    ['ExpiredTokenException', 403, DependencyUnavailable, /credentials/],
    ['RequestThrottled', 400, DependencyUnavailable, /throttled/],
    ['ServiceUnavailable', 503, DependencyUnavailable, /did not answer/],
    ['InvalidAttributeName', 400, InvalidInput, /refused/],
  ])('%s becomes one that says what to do', async (name, status, kind, text) => {
    const mapped = await failWith(vendorError(name, status));
    expect(mapped).toBeInstanceOf(kind);
    expect((mapped as Error).message).toMatch(text);
    expect((mapped as Error).message).toContain(QUEUE_URL);
    expect((mapped as Error).cause).toMatchObject({ name });
  });

  it('a queue that is missing ends a whole send instead of failing its entries', async () => {
    const { client } = fakeSqs(() => vendorError('QueueDoesNotExist'));
    await expect(createSqsQueue({ client, url: QUEUE_URL }).send(messages(30))).rejects.toBeInstanceOf(
      InvalidInput,
    );
  });

  it('refuses a queue URL that is none', () => {
    const { client } = fakeSqs(() => ({}));
    expect(() => createSqsQueue({ client, url: 'vachan-jobs' })).toThrow(/got vachan-jobs/);
  });
});
