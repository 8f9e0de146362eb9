import { InvalidInput } from '../../../../src/platform/errors.js';
import { MESSAGE_TOO_LARGE } from '../../../../src/queue/send-refusals.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { fakeSqs, QUEUE_URL, vendorError } from './fake-sqs.js';
import { messages, idsOf } from './outgoing.js';

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
