import { createAcknowledgeActivities } from '../../../../src/activities/shared/acknowledge.js';
import type { AcknowledgeReport, HostActivities } from '../../../../src/activities/shared/activity-types.js';
import { createBatchStore, type BatchStore } from '../../../../src/activities/shared/batch-store.js';
import { returnDelivery, settle, type Delivery } from '../../../../src/activities/shared/delivery.js';
import {
  OUTCOME_RULES,
  OUTCOMES,
  type Outcome,
} from '../../../../src/pipelines/recordings/contract/outcome.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { inActivity } from './in-activity.js';
import {
  BATCH,
  VISIBILITY_SECONDS,
  heldBatch,
  type HeldBatch,
} from '../../recordings/activities/held-batch.js';

let held: HeldBatch;
const counted: AcknowledgeReport<Outcome>['outcomes'][] = [];

function activities(): HostActivities<Outcome> {
  return createAcknowledgeActivities({
    store: held.store,
    rules: OUTCOME_RULES,
    retryDelay: { baseSeconds: 30, maxSeconds: 900, jitter: 0 },
    onSettled: (_batch, counts) => counted.push(counts),
    log: held.log,
  });
}

const acknowledge = (): Promise<AcknowledgeReport<Outcome>> =>
  inActivity(() => activities().acknowledge(BATCH));

beforeEach(() => {
  counted.length = 0;
});
afterEach(() => held.dispose());

describe('acknowledging a batch', () => {
  test('deletes what is settled, and delays what failed by its receive count', async () => {
    held = heldBatch(4);
    const [completed, existing, ineligible, failed] = held.batch.items;
    settle(completed!, 'completed');
    settle(existing!, 'skipped_existing');
    settle(ineligible!, 'skipped_ineligible');
    const error = { name: 'AudioNotFound', message: 'no such object: s3://bucket/key' };
    settle(failed!, 'failed_pre_inference', { error });
    const report = await acknowledge();
    expect(held.queue.deleted).toEqual(['m0#1', 'm1#1', 'm2#1']);
    expect(held.queue.visibility).toEqual([{ receiptHandle: 'm3#1', seconds: 30 }]);
    expect(report).toEqual({
      outcomes: {
        completed: 1,
        skipped_existing: 1,
        skipped_ineligible: 1,
        failed_pre_inference: 1,
        malformed: 0,
      },
      failures: { AudioNotFound: 1 },
      returned: 0,
    });
  });

  test('never deletes a message that no stage has decided on', async () => {
    held = heldBatch(1);
    const report = await acknowledge();
    expect(held.queue.deleted).toEqual([]);
    expect(held.queue.visibility).toHaveLength(1);
    expect(report.returned).toBe(1);
  });

  test('gives back, and does not count, a message whose document the store refused', async () => {
    held = heldBatch(2);
    returnDelivery(held.items[0], 'not_written');
    settle(held.batch.items[1]!, 'completed');
    const report = await acknowledge();
    expect(held.queue.deleted).toEqual(['m1#1']);
    expect(held.queue.visibility).toEqual([{ receiptHandle: 'm0#1', seconds: 30 }]);
    expect(report).toMatchObject({ outcomes: { completed: 1 }, returned: 1 });
  });

  test('says why messages go back, and delays each by its receive count', async () => {
    held = heldBatch(3);
    settle(held.items[0], 'completed');
    const [, stranger, again] = held.batch.items;
    returnDelivery(stranger!, 'other_source');
    Object.assign(again!, { receiveCount: 3 });
    returnDelivery(again!, 'other_source');
    const report = await acknowledge();
    expect(report).toMatchObject({ returned: 2, returns: { other_source: 2 } });
    expect(held.queue.visibility.map(({ seconds }) => seconds)).toEqual([30, 120]);
  });

  test('leaves a message alone that others may have by now', async () => {
    held = heldBatch(1);
    returnDelivery(held.items[0], 'not_written');
    held.pass(VISIBILITY_SECONDS + 1);
    await acknowledge();
    expect(held.queue.deleted).toEqual([]);
    expect(held.queue.visibility).toEqual([]);
  });

  test('accounts for every message received, malformed ones too', async () => {
    held = heldBatch(3);
    held.batch.malformed = 2;
    settle(held.items[0], 'completed');
    returnDelivery(held.batch.items[1]!, 'not_written');
    const { outcomes, returned } = await acknowledge();
    const decided = OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
    expect(decided + returned).toBe(5);
    expect(outcomes.malformed).toBe(2);
  });

  test('answers a retry as it did before, and counts and deletes nothing twice', async () => {
    held = heldBatch(1);
    settle(held.items[0], 'completed');
    const first = await acknowledge();
    const second = await acknowledge();
    expect(second).toEqual(first);
    expect(held.queue.deleted).toEqual(['m0#1']);
    expect(counted).toHaveLength(1);
  });

  test('keeps the batch while the queue does not answer, and settles it at the next try', async () => {
    held = heldBatch(1);
    settle(held.items[0], 'completed');
    held.queue.broken = new DependencyUnavailable('SQS does not answer');
    await expect(acknowledge()).rejects.toThrow('SQS did not take 1 of 1 messages of this batch');
    expect(held.store.has(BATCH.batch_id)).toBe(true);
    expect(counted).toEqual([]);
    held.queue.broken = undefined;
    await acknowledge();
    expect(held.queue.deleted).toEqual(['m0#1']);
    expect(held.store.has(BATCH.batch_id)).toBe(false);
  });

  test('tries again only what the queue did not take, a delay as well as a deletion', async () => {
    held = heldBatch(4);
    const [deleted, undeleted, delayed, undelayed] = held.batch.items;
    for (const item of [deleted!, undeleted!]) settle(item, 'completed');
    for (const item of [delayed!, undelayed!]) settle(item, 'failed_pre_inference');
    const reliable = { ...held.queue };
    held.queue.delete = async () => ({ ...(await reliable.delete(['m0#1'])), failed: ['m1#1'] });
    held.queue.changeVisibility = async ([first]) => ({
      ...(await reliable.changeVisibility([first!])),
      failed: ['m3#1'],
    });
    await expect(acknowledge()).rejects.toThrow('SQS did not take 2 of 4 messages');
    Object.assign(held.queue, reliable);
    const { outcomes, not_deleted } = await acknowledge();
    expect(held.queue.deleted).toEqual(['m0#1', 'm1#1']);
    expect(held.queue.visibility.map(({ receiptHandle }) => receiptHandle)).toEqual(['m2#1', 'm3#1']);
    expect(outcomes).toMatchObject({ completed: 2, failed_pre_inference: 2 });
    expect(not_deleted).toBeUndefined();
    expect(counted).toHaveLength(1);
  });

  test('gives up on an outage that outlasts the receipts, and says how many come again', async () => {
    held = heldBatch(3);
    settle(held.items[0], 'completed');
    settle(held.batch.items[1]!, 'skipped_existing');
    settle(held.batch.items[2]!, 'failed_pre_inference');
    held.queue.broken = new DependencyUnavailable('SQS does not answer');
    await expect(acknowledge()).rejects.toThrow(DependencyUnavailable);
    held.pass(VISIBILITY_SECONDS);
    const report = await acknowledge();
    expect(report).toMatchObject({
      outcomes: { completed: 1, skipped_existing: 1, failed_pre_inference: 1 },
      not_deleted: 2,
    });
    expect(held.log.of('processed_items_acked').at(-1)).toMatchObject({ deleted: 0, not_deleted: 2 });
    expect(held.store.size).toBe(0);
  });

  test('refuses a batch whose lease is over', async () => {
    held = heldBatch(1);
    settle(held.items[0], 'completed');
    held.batch.lease.end();
    await expect(acknowledge()).rejects.toMatchObject({ type: 'BatchGone', nonRetryable: true });
    expect(held.queue.deleted).toEqual([]);
  });
});

describe('releasing a batch', () => {
  test('makes its messages visible at once', async () => {
    held = heldBatch(2);
    await activities().releaseBatch(BATCH);
    expect(held.queue.visibility).toEqual([
      { receiptHandle: 'm0#1', seconds: 0 },
      { receiptHandle: 'm1#1', seconds: 0 },
    ]);
    expect(held.store.size).toBe(0);
  });

  test('of which nothing is known does nothing', async () => {
    held = heldBatch(1);
    await activities().releaseBatch({ batch_id: 'another' });
    expect(held.journal).toEqual([]);
    expect(held.store.size).toBe(1);
  });
});

test('another pipeline’s outcomes decide about its messages by their own rules', async () => {
  held = heldBatch(3);
  const store: BatchStore<Delivery<null, 'stored' | 'gone' | 'malformed'>> = createBatchStore({
    scratchPath: held.batch.folder,
    log: held.log,
  });
  const [stored, gone, open] = held.batch.items.map(
    ({ messageId, receiptHandle, receiveCount }): Delivery<null, 'stored' | 'gone' | 'malformed'> => ({
      ...{ messageId, receiptHandle, receiveCount },
      reached: null,
      timingsMs: {},
    }),
  );
  settle(stored!, 'stored');
  settle(gone!, 'gone', { error: { name: 'ObjectGone', message: 'no such object' } });
  store.add({ ...held.batch, items: [stored!, gone!, open!] });
  const report = await inActivity(() =>
    createAcknowledgeActivities({
      store,
      rules: {
        stored: { message: 'delete' },
        gone: { message: 'retry_later' },
        malformed: { message: 'delete' },
      },
      retryDelay: { jitter: 0 },
      onSettled: () => undefined,
      log: held.log,
    }).acknowledge(BATCH),
  );
  expect(held.queue.deleted).toEqual(['m0#1']);
  expect(report).toEqual({
    outcomes: { stored: 1, gone: 1, malformed: 0 },
    failures: { ObjectGone: 1 },
    returned: 1,
    returns: { undecided: 1 },
  });
});
