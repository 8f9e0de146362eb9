import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { fakeSqs, QUEUE_URL } from './fake-sqs.js';

describe('receipts', () => {
  const refusal = (id: string, code: string, message = 'no') => ({
    Id: id,
    Code: code,
    Message: message,
    SenderFault: true,
  });

  it('tells receipts that are lost from those that were refused for another reason', async () => {
    const { client, calls } = fakeSqs(() => ({
      Failed: [
        refusal('0', 'ReceiptHandleIsInvalid'),
        refusal('1', 'AWS.SimpleQueueService.MessageNotInflight'),
        refusal('2', 'InvalidParameterValue', 'Reason: The receipt handle has expired.'),
        refusal('3', 'InvalidParameterValue', 'Total VisibilityTimeout for the message is beyond the limit'),
      ],
    }));
    const queue = createSqsQueue({ client, url: QUEUE_URL });
    const entries = ['a', 'b', 'c', 'd', 'e'].map((receiptHandle) => ({ receiptHandle, seconds: 30 }));
    expect(await queue.changeVisibility(entries)).toEqual({ lost: ['a', 'b', 'c'], failed: ['d'] });
    expect(calls).toHaveLength(1);
  });

  it('tries what was throttled again, and reports it as failed in the end', async () => {
    const { client, calls } = fakeSqs((call) => ({
      Failed: call.input.Entries!.some((entry) => entry.Id === '1') ? [refusal('1', 'RequestThrottled')] : [],
    }));
    expect(await createSqsQueue({ client, url: QUEUE_URL }).delete(['a', 'b', 'c'])).toEqual({
      lost: [],
      failed: ['b'],
    });
    expect(calls.map((call) => call.input.Entries!.length)).toEqual([3, 1, 1, 1]);
  });

  it('deletes in tens', async () => {
    const { client, calls } = fakeSqs(() => ({}));
    await createSqsQueue({ client, url: QUEUE_URL }).delete(
      Array.from({ length: 101 }, (_, index) => `r${index}`),
    );
    expect(calls.map((call) => call.input.Entries!.length).sort((a, b) => b - a)).toEqual([
      ...Array<number>(10).fill(10),
      1,
    ]);
  });

  it('rounds and bounds visibilities to what SQS takes', async () => {
    const { client, calls } = fakeSqs(() => ({}));
    await createSqsQueue({ client, url: QUEUE_URL }).changeVisibility(
      [-1, 0.4, 29.6, 99_999].map((seconds) => ({ receiptHandle: 'r', seconds })),
    );
    const sent = calls[0]!.input.Entries as unknown as { VisibilityTimeout: number }[];
    expect(sent.map((entry) => entry.VisibilityTimeout)).toEqual([0, 0, 30, 43_200]);
  });

  it('reads the three counts of a queue', async () => {
    const { client } = fakeSqs(() => ({
      Attributes: {
        ApproximateNumberOfMessages: '5',
        ApproximateNumberOfMessagesNotVisible: '2',
        ApproximateNumberOfMessagesDelayed: '1',
      },
    }));
    expect(await createSqsQueue({ client, url: QUEUE_URL }).depth()).toEqual({
      visible: 5,
      in_flight: 2,
      delayed: 1,
    });
  });
});
