import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MockActivityEnvironment } from '@temporalio/testing';
import { PARCEL_READER, type Parcel } from './parcels.js';
import type { ReceivedBatch } from '../../../../src/activities/shared/activity-types.js';
import { createBatchStore, type BatchStore } from '../../../../src/activities/shared/batch-store.js';
import { createReceiveActivity } from '../../../../src/activities/shared/receive-batch.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import type { MessageQueue, ReceivedMessage } from '../../../../src/queue/message-queue.js';
import { fakeQueue, type FakeQueue } from './fake-queue.js';
import { activityEnvironment } from './in-activity.js';
import { until } from '../../../until.js';

const BATCH = { batch_id: 'batch-1' };
const INPUT = { queue_url: 'https://sqs.example/1/recordings', batch_size: 10 };
const scratchPath = mkdtempSync(join(tmpdir(), 'vachan-receive-'));
const log = recordingLogger();
let queue: FakeQueue;
let store: BatchStore<Parcel>;
let malformedMessages: 'delete' | 'dead-letter';
let dead: FakeQueue | undefined;

beforeEach(() => {
  queue = fakeQueue();
  malformedMessages = 'delete';
  dead = fakeQueue();
  store = createBatchStore<Parcel>({ scratchPath, log });
});
afterEach(() => store.giveBackAll());
afterAll(() => rmSync(scratchPath, { recursive: true }));

function delivery(number: number, body = 'to: house 7'): ReceivedMessage {
  return {
    messageId: `m${number}`,
    receiptHandle: `m${number}#1`,
    body,
    receiveCount: 1,
    sentAtMs: undefined,
  };
}

function receive(
  input: unknown = INPUT,
  from: MessageQueue = queue,
  environment: MockActivityEnvironment = activityEnvironment(),
): Promise<ReceivedBatch> {
  const activities = createReceiveActivity({
    reader: PARCEL_READER,
    store,
    queueFor: () => from,
    hostTaskQueue: 'vachan-host-1',
    visibilityTimeoutSeconds: 120,
    maxBatchWaitSeconds: 5,
    malformedMessages,
    findDeadLetters: () => Promise.resolve(dead && { queue: dead }),
    log,
  });
  return environment.run(() => activities.receiveBatch(input, BATCH));
}

/** A queue whose receive ends only when the test says so. */
function slowQueue(): { queue: MessageQueue; began: Promise<void>; bring: (m: ReceivedMessage[]) => void } {
  let bring: (messages: ReceivedMessage[]) => void = () => undefined;
  const brought = new Promise<ReceivedMessage[]>((resolve) => (bring = resolve));
  let begin = (): void => undefined;
  const began = new Promise<void>((resolve) => (begin = resolve));
  const slow: MessageQueue = {
    ...fakeQueue(),
    changeVisibility: (entries) => queue.changeVisibility(entries),
    async receive({ onArrival }) {
      begin();
      const messages = await brought;
      queue.giveOut(messages);
      onArrival?.(messages);
      return messages;
    },
  };
  return { queue: slow, began, bring };
}

describe('receiving a batch', () => {
  test('holds the messages, and answers with this process and counts only', async () => {
    queue.waiting = [delivery(0), delivery(1)];
    await expect(receive()).resolves.toEqual({
      host_task_queue: 'vachan-host-1',
      received: 2,
      malformed: 0,
    });
    expect(store.get(BATCH.batch_id).items.map(({ messageId }) => messageId)).toEqual(['m0', 'm1']);
    expect(store.get(BATCH.batch_id).lease.isLive('m1')).toBe(true);
  });

  test('holds nothing when the queue is empty', async () => {
    await expect(receive()).resolves.toMatchObject({ received: 0 });
    expect(store.size).toBe(0);
  });

  test('deletes malformed messages, and logs why without their bodies', async () => {
    queue.waiting = [delivery(0, '{"student_id":"s-77"'), delivery(1)];
    await expect(receive()).resolves.toMatchObject({ received: 2, malformed: 1 });
    expect(queue.deleted).toEqual(['m0#1']);
    expect(log.of('message_malformed').at(-1)).toMatchObject({ message_id: 'm0', reason: 'no address' });
    expect(log.text.join('')).not.toContain('s-77');
  });

  describe('with MALFORMED_MESSAGES=dead-letter', () => {
    beforeEach(() => {
      malformedMessages = 'dead-letter';
    });
    const tenant = { DataType: 'Number', StringValue: '7' };
    const malformed = (number: number): ReceivedMessage => ({
      ...delivery(number, '{"student_id":"s-77"'),
      attributes: { tenant },
    });

    test('moves a malformed message to the dead-letter queue, with its attributes and the reason', async () => {
      queue.waiting = [malformed(0), delivery(1)];
      await expect(receive()).resolves.toMatchObject({ received: 2, malformed: 1 });
      expect(dead!.sent).toEqual([
        {
          body: '{"student_id":"s-77"',
          attributes: { tenant, vachan_malformed_reason: 'no address', vachan_message_id: 'm0' },
          deduplicationId: 'malformed-m0',
          groupId: 'm0',
        },
      ]);
      expect(queue.deleted).toEqual(['m0#1']);
      expect(log.of('message_malformed').at(-1)).toMatchObject({ message_id: 'm0', to: 'dead_letters' });
    });

    test.each([
      ['does not take it', () => (dead!.refuses = () => true)],
      ['does not answer', () => (dead!.broken = new DependencyUnavailable('SQS does not answer'))],
      ['is not there', () => (dead = undefined)],
    ])('keeps the message, for another try, while the dead-letter queue %s', async (_, fail) => {
      fail();
      queue.waiting = [malformed(0), delivery(1)];
      await expect(receive()).resolves.toMatchObject({ received: 2, malformed: 0 });
      expect(queue.deleted).toEqual([]);
      expect(queue.visibility).toEqual([{ receiptHandle: 'm0#1', seconds: expect.any(Number) as number }]);
      expect(log.of('message_malformed').at(-1)).toMatchObject({ message_id: 'm0', to: 'kept' });
      expect(log.of('malformed_not_moved')).not.toEqual([]);
      expect(log.text.join('')).not.toContain('s-77');
    });

    test('loses nothing where a message has as many attributes as SQS allows', async () => {
      const attributes = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`a${n}`, tenant]));
      queue.waiting = [{ ...malformed(0), attributes }];
      await receive();
      expect(dead!.sent[0]?.attributes).toEqual(attributes);
    });
  });

  test('deletes what says nothing to anybody without calling it malformed', async () => {
    const before = log.of('message_malformed').length;
    queue.waiting = [delivery(0, 'test')];
    await expect(receive()).resolves.toMatchObject({ received: 1, malformed: 0 });
    expect(queue.deleted).toEqual(['m0#1']);
    expect(log.of('message_malformed')).toHaveLength(before);
  });

  test('refuses an input that cannot be used before it receives anything', async () => {
    queue.waiting = [delivery(0)];
    await expect(receive({ ...INPUT, batch_size: 0 })).rejects.toMatchObject({ type: 'InvalidInput' });
    expect(queue.waiting).toHaveLength(1);
    expect(store.size).toBe(0);
  });

  test('leaves no batch behind when the queue does not answer', async () => {
    queue.broken = new DependencyUnavailable('SQS does not answer');
    await expect(receive()).rejects.toThrow('SQS does not answer');
    expect(store.size).toBe(0);
  });

  test('gives back what an earlier attempt had received', async () => {
    queue.waiting = [delivery(0)];
    await receive();
    queue.waiting = [delivery(1)];
    await receive({ ...INPUT, batch_size: 1 });
    expect(queue.visibility).toEqual([{ receiptHandle: 'm0#1', seconds: 0 }]);
    expect(store.get(BATCH.batch_id).items.map(({ messageId }) => messageId)).toEqual(['m1']);
  });

  test('gives back what arrives after it was cancelled', async () => {
    const slow = slowQueue();
    const environment = activityEnvironment();
    const receiving = receive(INPUT, slow.queue, environment);
    await slow.began;
    environment.cancel();
    slow.bring([delivery(0)]);
    await expect(receiving).rejects.toThrow();
    expect(queue.visibility).toEqual([{ receiptHandle: 'm0#1', seconds: 0 }]);
    expect(store.size).toBe(0);
  });

  test('an attempt that was overtaken gives back its own messages and leaves the later batch alone', async () => {
    const slow = slowQueue();
    const overtaken = receive(INPUT, slow.queue);
    await slow.began;
    queue.waiting = [delivery(1)];
    await receive();
    slow.bring([delivery(0)]);
    await expect(overtaken).rejects.toMatchObject({ type: 'BatchGone' });
    expect(queue.visibility).toEqual([{ receiptHandle: 'm0#1', seconds: 0 }]);
    expect(store.get(BATCH.batch_id).items.map(({ messageId }) => messageId)).toEqual(['m1']);
  });

  test('stops polling when its batch is given back, as at the end of a drain', async () => {
    let polling: AbortSignal | undefined;
    const endless: MessageQueue = {
      ...fakeQueue(),
      receive: ({ signal }) => {
        polling = signal;
        return new Promise((resolve) => signal?.addEventListener('abort', () => resolve([])));
      },
    };
    const refused = expect(receive(INPUT, endless)).rejects.toMatchObject({ type: 'BatchGone' });
    await until(() => polling, 0);
    await store.giveBackAll();
    await refused;
    expect(store.size).toBe(0);
  });
});
